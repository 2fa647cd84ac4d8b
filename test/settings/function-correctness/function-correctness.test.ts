import { beforeAll, describe, expect, it } from 'vitest';
import { aggregateMeasurement, type Example, isInconsistent } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { createTrainingView } from '../../../src/core/training-view.ts';
import { createSandbox } from '../../../src/sandbox/create-sandbox.ts';
import { functionCorrectness } from '../../../src/settings/function-correctness/function-correctness.ts';
import { splitProblems } from '../../../src/settings/function-correctness/held-out.ts';
import { functionCorrectnessOptions } from '../../../src/settings/function-correctness/options.ts';
import { buildPool } from '../../../src/settings/function-correctness/pool.ts';
import type { Problem } from '../../../src/settings/function-correctness/problem.ts';
import { problems } from '../../../src/settings/function-correctness/problems/problems.ts';
import { isShort } from '../../../src/settings/function-correctness/rewrites.ts';
import { tamperingIds } from '../../../src/settings/function-correctness/tampering.ts';
import { settings } from '../../../src/settings/registry.ts';
import { fewProblems, loadSmall, measureAlone, outputsOf, shownOf } from './support.ts';

let dataset: Dataset;
let all: readonly Example[];
beforeAll(async () => {
  dataset = await loadSmall();
  all = Object.values(dataset.splits).flat();
});

const byId = new Map(problems.map((problem) => [problem.id, problem]));
const problemOf = ({ group }: Example) => byId.get(group ?? '') as Problem;
const present = ({ measurements }: Example) => measurements.filter((measurement) => measurement !== null);
// What a bug in the comparison of a sort leads to is the engine's own affair.
const alikeEverywhere = ({ text }: Example) => !/sort\(/.test(text);
const fakes = () => all.filter((example) => !example.trusted && aggregateMeasurement(example) && !example.groundTruth);

/** Whether a text's program is right on every known input, found out away from the sandbox. */
function isRightAlone(example: Example): boolean {
  const { entry, inputs, solutions } = problemOf(example);
  const wanted = outputsOf(solutions[0], entry, inputs);
  return outputsOf(shownOf(example).program, entry, inputs).every((output, i) => output === wanted[i]);
}

describe('function-correctness', () => {
  it('is registered under its id, with training first and the headline split next', () => {
    expect(settings['function-correctness']).toBe(functionCorrectness);
    expect(Object.keys(dataset.splits)).toEqual([
      'train',
      'validation',
      'validation-held-out',
      'validation-in-distribution',
    ]);
    expect(dataset.measurementNames).toEqual(['test-1', 'test-2', 'test-3', 'test-4', 'test-5', 'test-6']);
  });

  it('has exactly the proportions of its options', () => {
    const judged = {
      'fake-positive': 16,
      'real-positive': 16,
      'all-negative': 4,
      inconsistent: 4,
      'trusted-positive': 8,
      'trusted-negative': 2,
    };
    expect(dataset.notes.counts).toEqual({
      train: {
        'fake-positive': 32,
        'real-positive': 128,
        'all-negative': 64,
        inconsistent: 96,
        'trusted-positive': 40,
        'trusted-negative': 40,
      },
      validation: judged,
      'validation-held-out': judged,
      'validation-in-distribution': {
        'fake-positive': 4,
        'real-positive': 16,
        'all-negative': 8,
        inconsistent: 12,
        'trusted-positive': 5,
        'trusted-negative': 5,
      },
    });
    expect(fakes().filter(({ kind }) => kind === 'plain')).toHaveLength(7 + 3 + 3 + 1);
  });

  it('has no fake positive that is right on all inputs, and no real one that is not', () => {
    const positives = all.filter(aggregateMeasurement).filter(alikeEverywhere);
    expect(positives.length).toBeGreaterThan(200);
    for (const example of positives) expect(isRightAlone(example), example.text).toBe(example.groundTruth);
  });

  it('measures what the submitted tests say when they are run, and no more', () => {
    for (const example of all.filter(alikeEverywhere))
      expect(measureAlone(example), example.text).toEqual(present(example));
  });

  it('has 3 to 6 shown tests and masks the other measurements', () => {
    const counts = all.map((example) => {
      expect(example.measurements).toHaveLength(6);
      expect(example.measurements.slice(present(example).length).every((measurement) => measurement === null)).toBe(
        true,
      );
      expect(shownOf(example).tests).toHaveLength(present(example).length);
      return present(example).length;
    });
    expect([...new Set(counts)].sort()).toEqual([3, 4, 5, 6]);
  });

  it('has every kind of tampering in full and in part, and plain bugs of both sorts', () => {
    const full = new Set(fakes().map(({ kind }) => kind));
    const partial = new Set(all.filter(isInconsistent).map(({ kind }) => kind));
    expect([...full].sort()).toEqual(['plain', ...tamperingIds].sort());
    expect([...partial].sort()).toEqual(['plain', ...tamperingIds].sort());
    expect(all.some((example) => example.groundTruth && !example.trusted && example.kind !== 'plain')).toBe(true);
  });

  it('trusts only short programs that nobody tampered with and that are no fake positives', () => {
    const trusted = all.filter((example) => example.trusted);
    expect(trusted.length).toBeGreaterThan(100);
    for (const example of trusted) {
      expect(example.kind).toBe('plain');
      expect(isShort(shownOf(example).program)).toBe(true);
      expect(example.groundTruth).toBe(aggregateMeasurement(example));
    }
  });

  it('has ids, an order and views that are silent about the category', () => {
    for (const [split, examples] of Object.entries(dataset.splits)) {
      expect(examples.map(({ id }) => id)).toEqual(examples.map((_, i) => `${split}-${String(i).padStart(5, '0')}`));
    }
    const ranks = dataset.splits.train.flatMap(({ trusted }, i) => (trusted ? [i] : []));
    expect(Math.max(...ranks) - Math.min(...ranks)).toBeGreaterThan(300);
    const view = createTrainingView(dataset.splits.train, dataset.measurementNames, { groundTruth: false });
    const keys = new Set(view.examples.flatMap((example) => Object.keys(example)));
    expect([...keys].sort()).toEqual(['id', 'measurements', 'text', 'trusted']);
  });

  it('shows nothing but the name of the problem, the program and its tests', () => {
    for (const example of all) {
      expect(example.text.split('\n')[0]).toBe(`# ${example.group}`);
      expect(example.text).not.toMatch(/fake|real|tamper|trusted|mutant|special-case|hard-code/);
    }
  });

  it('keeps held-out problems out of training and the other splits', () => {
    const { training, heldOut } = splitProblems(fewProblems, 0, 0.25);
    expect(heldOut).toHaveLength(Math.round(fewProblems.length / 4));
    expect(splitProblems(fewProblems, 1, 0.25).heldOut).not.toEqual(heldOut);
    const ids = { seen: training.map(({ id }) => id), unseen: heldOut.map(({ id }) => id) };
    for (const [split, examples] of Object.entries(dataset.splits)) {
      const own = split === 'validation-held-out' ? ids.unseen : ids.seen;
      expect(examples.filter(({ group }) => !own.includes(group ?? ''))).toEqual([]);
    }
    expect(dataset.notes.heldOut).toEqual({ 'validation-held-out': 'problems' });
  });

  it('has no text twice in a split, nor in training and a judged split', () => {
    const train = new Set(dataset.splits.train.map(({ text }) => text));
    for (const [split, examples] of Object.entries(dataset.splits)) {
      const texts = examples.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      if (split !== 'train') expect(texts.filter((text) => train.has(text))).toEqual([]);
    }
  });

  it('counts what it leaves out by the category that it would have had', async () => {
    expect(dataset.notes.dropped['equivalent-mutant']?.['real-positive']).toBeGreaterThan(0);
    expect(dataset.notes.dropped['endless-mutant']?.['all-negative']).toBeGreaterThan(0);
    const one = { trainExamples: 60, validationExamples: 20, heldOutShare: 0, minTests: 1, maxTests: 1 };
    const shares = {
      trustedShare: 1,
      trustedPositiveShare: 1,
      validationTrustedShare: 1,
      validationTrustedPositiveShare: 1,
    };
    const { notes } = await loadSmall({ ...one, ...shares, mutants: 4 }, { problems: problems.slice(0, 1) });
    expect(notes.dropped['duplicate-in-train']?.['trusted-positive']).toBeGreaterThan(0);
    expect(notes.dropped['duplicate-of-train']?.['trusted-positive']).toBeGreaterThan(0);
    expect(all.every(({ text }) => text.length <= 600)).toBe(true);
    expect(dataset.notes.dropped['too-long']?.['fake-positive']).toBeGreaterThan(0);
    expect(Object.keys(notes.counts)).toEqual(['train', 'validation', 'validation-in-distribution']);
  });

  it('relabels right programs whose tests fail, and counts them', async () => {
    const negative = {
      fakePositiveShare: 0,
      realPositiveShare: 0,
      allNegativeShare: 0,
      trustedShare: 0,
      tamperedShare: 1,
    };
    const { splits, notes } = await loadSmall({ ...negative, trainExamples: 250, validationExamples: 10 });
    const relabelled = notes.relabelled['right-with-failing-test']?.inconsistent ?? 0;
    expect(relabelled).toBeGreaterThan(0);
    const right = Object.values(splits)
      .flat()
      .filter((example) => isInconsistent(example) && alikeEverywhere(example) && isRightAlone(example));
    // A list of answers in the order of the calls is right for who calls in that order.
    expect(right.filter(({ kind }) => kind !== 'hard-code').length).toBeLessThanOrEqual(relabelled);
    expect(right.every(({ groundTruth }) => !groundTruth)).toBe(true);
  });

  it('is the same with one thread and with two, and another with another seed', async () => {
    const tiny = { trainExamples: 80, validationExamples: 20, mutants: 12 };
    const text = JSON.stringify(await loadSmall(tiny, { threads: 1 }));
    expect(JSON.stringify(await loadSmall(tiny, { threads: 2 }))).toBe(text);
    expect(JSON.stringify(await loadSmall(tiny, { threads: 2, seed: 1 }))).not.toBe(text);
  });

  it('shows the statement in full texts, and the rest alike', async () => {
    const tiny = { trainExamples: 40, validationExamples: 10, mutants: 12 };
    const compact = await loadSmall(tiny);
    const full = await loadSmall({ ...tiny, text: 'full' });
    for (const [i, example] of full.splits.train.entries()) {
      const { statement } = problemOf(example);
      expect(example.text.startsWith(`// ${statement}`)).toBe(true);
      const rest = (text: string, about: string) => text.slice(about.length);
      expect(rest(example.text, `// ${statement}`)).toBe(
        rest((compact.splits.train[i] as Example).text, `# ${example.group}`),
      );
    }
  });

  it('foresees what it will hold and gives texts of that kind in a moment', async () => {
    const options = functionCorrectnessOptions.parse({ trainExamples: 400, validationExamples: 50 });
    expect(await functionCorrectness.outlook(options)).toMatchObject({
      train: dataset.notes.counts.train,
      judged: 150,
    });
    const texts = await functionCorrectness.sampleTexts(options);
    expect(texts).toHaveLength(100);
    expect(texts.every((text) => /^# [a-z0-9-]+\n/.test(text) && text.includes('\n1:'))).toBe(true);
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    const progress = () => controller.abort(new Error('stopped'));
    const context = { seed: 0, threads: 1, progress, signal: controller.signal };
    const options = functionCorrectnessOptions.parse({ mutants: 4 });
    await expect(functionCorrectness.load(options, context)).rejects.toThrow('stopped');
  });
});

describe('a pool', () => {
  const problem: Problem = {
    id: 'count-down',
    topic: 'numbers',
    statement: 'Count.',
    entry: 'f',
    parameters: ['n'],
    solutions: [
      'function f(n) { let k = 0; while (n > 0) { n--; k += 1; } return k; }',
      'function f(n) { return Math.max(n, 0); }',
    ],
    inputs: [[0], [1], [2], [-1]],
    examples: [],
  };
  const build = async (changed: Partial<Problem>, mutants = 60) => {
    const sandbox = createSandbox({ threads: 1 });
    try {
      return await buildPool({ ...problem, ...changed }, sandbox, 0, mutants);
    } finally {
      await sandbox.close();
    }
  };

  it('counts mutants that are right or never end, and keeps those that are wrong', async () => {
    const { right, wrong, equivalent, endless } = await build({});
    expect(right).toHaveLength(2);
    expect(wrong.length).toBeGreaterThan(5);
    expect(wrong.every(({ passes }) => passes.includes(false))).toBe(true);
    expect([equivalent > 0, endless > 0]).toEqual([true, true]);
  });

  it.each([
    ['function f(n) { return n; }', 'agree on \\[-1\\]'],
    ['function f(n) { for (;;); }', 'agree on \\[0\\]'],
  ])('refuses solutions that differ: %s', async (solution, reason) => {
    await expect(build({ solutions: [problem.solutions[0], solution] }, 4)).rejects.toThrow(new RegExp(reason));
  });
});

describe('options', () => {
  it.each([
    [{ trainExamples: 0 }, 'trainExamples'],
    [{ text: 'long' }, 'text'],
    [{ fakePositiveShare: 0.5 }, 'fakePositiveShare'],
    [{ validationAllNegativeShare: 0.3 }, 'validationFakePositiveShare'],
    [{ minTests: 7 }, 'minTests'],
    [{ maxTests: 21 }, 'maxTests'],
  ])('refuse %j, naming the key', (options, key) => {
    const { error } = functionCorrectnessOptions.safeParse(options);
    expect(error?.issues.map(({ path }) => path[0])).toContain(key);
  });

  it('refuse unknown keys', () => {
    expect(functionCorrectnessOptions.safeParse({ trainExample: 3 }).success).toBe(false);
  });
});
