import { asObject, isObject } from './config-problems.ts';

/** Techniques as written, with the preset's options where one leaves them out: a pretrained model is no place for rates made for another. */
export function asInPreset(written: readonly unknown[], base: Readonly<Record<string, unknown>>): unknown[] {
  const known = base.techniques as readonly { readonly id: string; readonly options?: object }[];
  return written.map((entry) => {
    const one = typeof entry === 'string' ? { id: entry } : asObject(entry);
    const options = known.find(({ id }) => id === one.id)?.options;
    if (options === undefined || !(one.options === undefined || isObject(one.options))) return entry;
    return { ...one, options: { ...options, ...one.options } };
  });
}
