import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { expected, UserError } from '../../core/errors.ts';

/** A prompt with its best response and the others, in the order of the file (methods.md 9.3). */
export interface PreferenceItem {
  readonly prompt: string;
  readonly best: string;
  readonly worse: readonly string[];
}

const item = z
  .object({
    prompt: z.string().min(1),
    responses: z.record(z.string(), z.union([z.literal(0), z.literal(1)], 'expected 1 for the best response, else 0')),
  })
  .transform(({ prompt, responses }) => {
    const named = (value: number) => Object.keys(responses).filter((response) => responses[response] === value);
    return { prompt, best: named(1), worse: named(0) };
  })
  .refine(({ best }) => best.length === 1, {
    path: ['responses'],
    error: ({ input }) => `expected one response of value 1, got ${(input as { best: string[] }).best.length}`,
  })
  .refine(({ worse }) => worse.length > 0, { path: ['responses'], error: 'expected a response of value 0, got none' });

/**
 * The items of a distribution's `train.json` or `test.json`.
 * @throws UserError `no-such-data`, `unreadable-data`, or `bad-row` naming the file, the index (from 0) and what is wrong.
 */
export async function readDistribution(path: string): Promise<PreferenceItem[]> {
  const content = await readJson(path);
  const next = 'Give an array of items as the benchmark has them.';
  if (!Array.isArray(content) || content.length === 0) {
    throw expected('bad-row', path, 'an array of items', content, next);
  }
  const items = content.map((entry, i) => parseItem(entry, path, i));
  const [first] = items as [PreferenceItem];
  const odd = items.findIndex(({ worse }) => worse.length !== first.worse.length);
  if (odd >= 0) {
    const got = (items[odd] as PreferenceItem).worse.length + 1;
    const wanted = `one with ${first.worse.length + 1} responses, as the one at 0 has`;
    throw expected('bad-row', `the item at ${odd} of ${path}`, wanted, got, 'Every item has as many.');
  }
  return items;
}

function parseItem(entry: unknown, path: string, index: number): PreferenceItem {
  const parsed = item.safeParse(entry);
  if (parsed.success) return { ...parsed.data, best: parsed.data.best[0] as string };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'item'}: ${issue.message}`).join('; ');
  const next = 'Give a prompt, and responses by text: 1 for the best, 0 for the others.';
  throw new UserError(
    'bad-row',
    `Expected the item at ${index} of ${path} to be a preference, got ${problems}. ${next}`,
  );
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    const next = 'Name a folder with train.json and test.json, and the directory that it is in.';
    throw expected('no-such-data', path, 'a file of a distribution', 'nothing', next);
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Expected ${path} to be readable as JSON, got: ${reason}. Mend or download it again.`;
    throw new UserError('unreadable-data', message, { cause });
  }
}
