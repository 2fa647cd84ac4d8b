import { expect, it } from 'vitest';
import { rememberedLikelihoods } from '../../src/models/remembered-likelihoods.ts';
import { rememberedRows } from '../../src/models/remembered-rows.ts';

const inputsOf = (texts: string) => [...texts].map((text, i) => ({ id: `${i}`, text }));
const rowOf = (text: string) => Float32Array.of(text.charCodeAt(0));

it('rows are computed once per text, also when asked for at the same time', async () => {
  const computed: string[] = [];
  const rows = rememberedRows(1, async (inputs) => {
    computed.push(...inputs.map(({ text }) => text));
    return inputs.map(({ text }) => rowOf(text));
  });
  const [first, second] = await Promise.all([rows(inputsOf('abca')), rows(inputsOf('cd'))]);
  expect([first, second]).toEqual([[...'abca'].map(rowOf), [...'cd'].map(rowOf)]);
  expect(computed).toEqual(['a', 'b', 'c', 'd']);
});

it('rows beyond the room make way for those asked about', async () => {
  const computed: string[] = [];
  // Room for two rows.
  const rows = rememberedRows(2 ** 25, async (inputs) => {
    computed.push(...inputs.map(({ text }) => text));
    return inputs.map(({ text }) => rowOf(text));
  });
  await rows(inputsOf('ab'));
  expect(await rows(inputsOf('bc'))).toEqual([...'bc'].map(rowOf));
  await rows(inputsOf('b'));
  await rows(inputsOf('a'));
  expect(computed.join('')).toBe('abca');
});

it('long texts make way before there are many of them', async () => {
  let computed = 0;
  const rows = rememberedRows(1, async (inputs) => {
    computed += inputs.length;
    return inputs.map(({ text }) => rowOf(text));
  });
  const long = (letter: string) => ({ id: letter, text: letter.repeat(2 ** 25) });
  for (const letter of ['a', 'a', 'b', 'c', 'a']) await rows([long(letter)]);
  expect(computed).toBe(4);
});

it('a failure to compute rows is not remembered', async () => {
  let fails = true;
  const rows = rememberedRows(1, async (inputs) => {
    if (fails) throw new Error('no memory');
    return inputs.map(({ text }) => rowOf(text));
  });
  await expect(rows(inputsOf('a'))).rejects.toThrow('no memory');
  fails = false;
  expect(await rows(inputsOf('a'))).toEqual([rowOf('a')]);
});

it('likelihoods are computed once per prompt and answer, wherever the text is cut', async () => {
  const asked: number[] = [];
  const likelihoods = rememberedLikelihoods(async (encoded) => {
    asked.push(...encoded.map(({ start }) => start));
    return Float64Array.from(encoded, ({ start }) => -start);
  });
  const completion = (prompt: string, answer: string) => ({ prompt, answer });
  const encoded = (...starts: number[]) => starts.map((start) => ({ ids: Int32Array.of(1, 2, 3), start }));
  const all = [completion('ab', 'c'), completion('a', 'bc'), completion('ab', 'c')];
  expect([...(await likelihoods(all, encoded(2, 1, 2)))]).toEqual([-2, -1, -2]);
  const more = [completion('a', 'bc'), completion('abb', 'c')];
  expect([...(await likelihoods(more, encoded(1, 3)))]).toEqual([-1, -3]);
  expect(asked).toEqual([2, 1, 3]);
});
