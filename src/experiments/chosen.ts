import { z } from 'zod';
import { describe } from '../core/errors.ts';
import { nearest } from './nearest.ts';
import { type Chosen, nameOf } from './run-config.ts';
import { ownPartsForm } from './setting-parts.ts';

/** `id` or `{id, options}`, of a technique also `{id, as, options}`; the options are checked by the registry entry itself. */
export function chosen(
  thing: 'setting' | 'technique',
  registry: Readonly<Record<string, { readonly options: z.ZodType }>>,
) {
  const keys = { id: z.string(), options: z.unknown().default({}) };
  const named = z.strictObject({ ...keys, as: z.string().optional() });
  const form = z.union(
    [z.string().transform((id) => ({ id, options: {} })), thing === 'technique' ? named : named.extend(ownPartsForm)],
    {
      error: `Expected an id or {id, options} of a ${thing}`,
    },
  );
  return form.transform((entry: Chosen<string>, context) => {
    const { id, as, options, ...rest } = entry;
    const found = Object.hasOwn(registry, id) ? registry[id] : undefined;
    if (found === undefined) {
      const message = `Expected the id of a ${thing}, got "${id}". ${nearest(id, Object.keys(registry))}`;
      context.issues.push({ code: 'custom', message, input: id });
      return { id, options };
    }
    const fault = as === undefined || as === id ? undefined : nameFault(as, registry);
    if (fault !== undefined) context.issues.push({ code: 'custom', message: fault, input: as, path: ['as'] });
    const parsed = found.options.safeParse(options);
    for (const issue of parsed.error?.issues ?? []) {
      context.issues.push({
        ...issue,
        path: ['options', ...issue.path],
        input: options,
      } as (typeof context.issues)[number]);
    }
    return { id, ...(as !== undefined && as !== id && { as }), options: parsed.data, ...rest };
  });
}

/** Results of the predictor itself go by this name, so no technique may. */
const predictorName = 'measurement-predictor';

function nameFault(name: string, registry: Readonly<Record<string, unknown>>): string | undefined {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return `Expected a name like my-probe-2, got ${describe(name)}`;
  if (!Object.hasOwn(registry, name) && name !== predictorName) return undefined;
  return `Expected a name that nothing else has, got ${describe(name)}. Choose another`;
}

/** Whether no two have the same name. */
export function distinct(entries: readonly Pick<Chosen<string>, 'id' | 'as'>[]): boolean {
  return new Set(entries.map(nameOf)).size === entries.length;
}
