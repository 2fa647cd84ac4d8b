import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { aggregateMeasurement } from '../../../src/core/examples.ts';
import { functionCorrectness } from '../../../src/settings/function-correctness/function-correctness.ts';
import { functionCorrectnessOptions } from '../../../src/settings/function-correctness/options.ts';
import { isProblemFile, readProblems } from '../../../src/settings/function-correctness/read-problems.ts';
import { outputsOf, shownOf } from './support.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/problems/${name}.jsonl`, import.meta.url));

describe('problems of others', () => {
  it('HumanEvalPack: the declaration with its solution, inputs from the assertions', async () => {
    const problems = await readProblems(fixture('humanevalpack'), 'humanevalpack');
    expect(problems.map(({ id, entry }) => [id, entry])).toEqual([
      ['javascript-0', 'countAbove'],
      ['javascript-1', 'initials'],
      ['javascript-2', 'evens'],
    ]);
    const [first] = problems as [(typeof problems)[0]];
    expect(first).toMatchObject({ statement: 'Count the numbers above a limit.', parameters: ['xs', 'limit'] });
    expect(first.inputs).toEqual([
      [[1, 2, 3], 1],
      [[], 1],
      [[5], 5],
      [[-1, -2], -2],
      [[7, 8, 9], 0],
      [[7, 8, 9], 8],
    ]);
    expect(outputsOf(first.solutions[0], first.entry, first.inputs)).toEqual(['2', '0', '0', '1', '3', '1']);
  });

  it('MBPP: the last function of the code, inputs from both lists of tests', async () => {
    const problems = await readProblems(fixture('mbpp'), 'mbpp');
    expect(problems.map(({ id, entry }) => [id, entry])).toEqual([
      ['1', 'sumSquares'],
      ['2', 'swap'],
    ]);
    expect(problems[0]?.inputs).toEqual([[1], [2], [3], [0], [5], [-1]]);
    expect(problems[1]?.inputs[2]).toEqual([{ first: 'a', second: -1 }]);
    expect(outputsOf(problems[1]?.solutions[0] ?? '', 'swap', [[{ first: 1, second: 2 }]])).toEqual([
      '{"first":2,"second":1}',
    ]);
  });

  it.each([
    ['python', 'mbpp', 'Only JavaScript runs in the sandbox'],
    ['mbpp', 'humanevalpack', 'declaration'],
    ['absent', 'mbpp', 'Expected the problems at'],
  ] as const)('refuse %s as %s, saying why', async (name, format, reason) => {
    const reading = readProblems(fixture(name), format);
    await expect(reading).rejects.toThrow(reason);
    await expect(reading).rejects.toBeInstanceOf(UserError);
  });

  it('are all files of a directory but those of other languages', async () => {
    const directory = fileURLToPath(new URL('../../fixtures/problems', import.meta.url));
    await expect(readProblems(directory, 'mbpp')).rejects.toThrow('humanevalpack.jsonl, line 1');
    expect(['data/js/data/a.jsonl', 'a.jsonl', 'data/python/data/a.jsonl', 'a.md'].map(isProblemFile)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const options = functionCorrectnessOptions.parse({ problems: { source: 'a/b', format: 'mbpp', revision: 'x' } });
    expect(functionCorrectness.files?.(options, 0)).toMatchObject({ source: 'a/b', revision: 'x' });
    expect(functionCorrectness.files?.(functionCorrectnessOptions.parse({}), 0)).toBeUndefined();
  });

  it('make a dataset like any other', async () => {
    const problems = { source: fixture('humanevalpack'), format: 'humanevalpack' };
    const small = { problems, trainExamples: 60, validationExamples: 20, heldOutShare: 0.34, minTests: 2, maxTests: 3 };
    const options = functionCorrectnessOptions.parse({ ...small, trustedShare: 0, validationTrustedShare: 0 });
    const context = { seed: 0, threads: 1, progress: () => {}, signal: new AbortController().signal };
    const { splits, notes } = await functionCorrectness.load(options, context);
    expect(notes.counts.train).toMatchObject({ 'fake-positive': 6, 'real-positive': 24 });
    const known = await readProblems(problems.source, 'humanevalpack');
    for (const example of splits.train.filter(aggregateMeasurement)) {
      const { entry, inputs, solutions } = known.find(({ id }) => id === example.group) as (typeof known)[0];
      const right = outputsOf(solutions[0], entry, inputs);
      const given = outputsOf(shownOf(example).program, entry, inputs);
      expect(given.every((output, i) => output === right[i])).toBe(example.groundTruth);
    }
  });
});
