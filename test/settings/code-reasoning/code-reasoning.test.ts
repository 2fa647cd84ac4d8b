import { beforeAll, describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { codeReasoning } from '../../../src/settings/code-reasoning/code-reasoning.ts';
import { settings } from '../../../src/settings/registry.ts';
import { surfaceAuroc } from '../surface-auroc.ts';

const load = (options: object, seed = 0): Promise<Dataset> =>
  codeReasoning.load(codeReasoning.options.parse(options) as never, {
    ...{ seed, threads: 1, progress: () => {} },
    signal: new AbortController().signal,
  });

const small = { supervisorExamples: 600, trainExamples: 600, testExamples: 400, corpusTexts: 2_000 };
let dataset: Dataset;
let examples: readonly Example[];
beforeAll(async () => {
  dataset = await load(small);
  examples = [...Object.values(dataset.splits).flat(), ...(dataset.supervisorExamples ?? [])];
});

const programOf = (text: string) => text.slice(0, text.indexOf('//'));

/** Runs a program as JavaScript and reads what its account says is printed, and the whole account as it should be. */
function judge(text: string) {
  const program = programOf(text);
  const wanted: string[] = [];
  const lines = program.trimEnd().split('\n');
  const told = lines.map((line) =>
    /^print|^\w = \d+;$/.test(line) ? line : `${line} tell('${line[0]}', ${line[0]});`,
  );
  const digits = (value: number) => [...`${value}`].join('\n');
  new Function('tell', 'print', `let a, b, c, x, y, z;\n${told.join('\n')}`)(
    (name: string, value: number) => wanted.push(`// ${name} is\n${digits(value)}\n`),
    (value: number) => wanted.push(`// prints\n${digits(value)}\n`),
  );
  const isRight = text === program + wanted.join('');
  return { isRight, printed: text.split('// prints\n')[1] === wanted.at(-1)?.split('// prints\n')[1] };
}

describe('code-reasoning', () => {
  it('is registered under its id, as a weak-to-strong setting with a corpus', () => {
    expect(settings['code-reasoning']).toBe(codeReasoning);
    expect(codeReasoning).toMatchObject({ wantsSupervisor: true, bringsCorpus: true });
    expect(Object.keys(dataset.splits)).toEqual(['train', 'test', 'hard']);
    expect(dataset.corpus).toHaveLength(2_000);
  });

  it('calls right what JavaScript does, and gets what is printed wrong otherwise; half of each', () => {
    for (const { text, groundTruth, kind } of examples) {
      expect(judge(text), text).toEqual({ isRight: groundTruth, printed: groundTruth });
      expect(kind === 'right').toBe(groundTruth);
    }
    for (const split of [...Object.values(dataset.splits), dataset.supervisorExamples ?? []]) {
      expect(split.filter(({ groundTruth }) => groundTruth)).toHaveLength(split.length / 2);
    }
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(
      new Set(['right', 'wrong-operator', 'wrong-operand', 'off-by-one', 'other-variable']),
    );
  });

  it('has a corpus that is right in the end: what is corrected printed the wrong thing, and nothing else did', async () => {
    const accountsOf = (text: string) => {
      const [first, answer] = text.split('// no\n') as [string, string | undefined];
      return { first, last: answer === undefined ? first : programOf(first) + answer, corrected: answer !== undefined };
    };
    const corrected = (texts: readonly string[] = []) => texts.map(accountsOf).filter((account) => account.corrected);
    for (const text of dataset.corpus ?? []) {
      const { first, last, corrected: isCorrected } = accountsOf(text);
      expect([judge(first).printed, judge(last).isRight], text).toEqual([!isCorrected, true]);
    }
    expect(corrected(dataset.corpus).length / 2_000).toBeCloseTo(0.5, 1);
    const few = { ...small, corpusTexts: 100 };
    expect(corrected((await load({ ...few, corpusCorrections: 0 })).corpus)).toHaveLength(0);
    expect(corrected((await load({ ...few, corpusCorrections: 1 })).corpus)).toHaveLength(100);
  });

  it('pairs each account with another, of which exactly one is right, under each set of names', () => {
    for (const { text, pairs = [], groundTruth } of examples) {
      expect(pairs).toHaveLength(2);
      expect(pairs[0]?.prompt.concat(pairs[0].positive)).toBe(text);
      for (const { prompt, negative, positive } of pairs) {
        expect([judge(prompt + positive).isRight, judge(prompt + negative).isRight]).toEqual([
          groundTruth,
          !groundTruth,
        ]);
      }
    }
  });

  it('has each program in one place only, the corpus included', () => {
    const plain = (text: string) =>
      programOf(text).replace(/[xyz](?=\W)/g, (name) => 'abc'['xyz'.indexOf(name)] as string);
    const programs = [...examples.map(({ text }) => text), ...(dataset.corpus ?? [])].map(plain);
    expect(new Set(programs).size).toBe(programs.length);
  });

  it('orders by how much the printed value depends on', () => {
    expect(Math.min(...examples.map(({ difficulty = 0 }) => difficulty))).toBe(2);
    const mean = (split: readonly Example[] = []) =>
      split.reduce((sum, { difficulty = Number.NaN }) => sum + difficulty, 0) / split.length;
    expect(mean(dataset.splits.hard)).toBeGreaterThan(mean(dataset.splits.test) + 0.2);
  });

  it('tells little of what is right by its words', async () => {
    const { splits, supervisorExamples = [] } = await load({
      ...small,
      supervisorExamples: 4_000,
      testExamples: 1_000,
    });
    for (const split of ['test', 'hard'] as const) {
      expect(await surfaceAuroc(supervisorExamples, splits[split] as Example[]), split).toBeLessThan(0.65);
    }
  });

  it('gives the same by the same seed and another by another, and foresees its sizes', async () => {
    expect(await load(small)).toEqual(dataset);
    expect((await load(small, 1)).splits.train).not.toEqual(dataset.splits.train);
    const options = codeReasoning.options.parse(small) as never;
    expect(await codeReasoning.outlook(options)).toMatchObject({ judged: 800, judgedSplits: 2 });
    expect(await codeReasoning.sampleTexts(options)).toHaveLength(100);
  });
});
