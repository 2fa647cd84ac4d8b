import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import { createRng } from '../../../src/core/random.ts';
import { labelCleaning } from '../../../src/techniques/label-cleaning.ts';
import { type CleaningOptions, cleanLabels } from '../../../src/techniques/shared/clean-labels.ts';
import { labelCore } from '../../../src/techniques/shared/label-core.ts';
import { neighbourLabels } from '../../../src/techniques/shared/neighbour-labels.ts';
import type { WeakTask } from '../../../src/techniques/shared/weak-task.ts';
import { readGolden } from '../../stats/golden.ts';
import { matrix, textOf } from '../fake-model.ts';
import { cell, createSpyModel, type FinetuneCall } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';

interface Golden {
  readonly cleaning: readonly {
    readonly name: string;
    readonly activations: { readonly rows: number; readonly columns: number; readonly data: readonly number[] };
    readonly labels: readonly number[];
    readonly k: number;
    readonly kZeta: number;
    readonly l2: number;
    readonly contamination: number;
    readonly neighbours: readonly number[];
    readonly logistic: readonly number[];
    readonly core: readonly number[];
    readonly kept: readonly number[];
  }[];
}

const { signal } = new AbortController();
const run = { seed: 0, signal };
const filters = ['nearest-neighbours', 'logistic', 'topological'] as const;
const defaults = {
  filter: 'nearest-neighbours',
  mode: 'drop',
  contamination: 0.1,
  k: 50,
  kZeta: 50,
  l2: 1e-3,
} as const;

describe.each(readGolden<Golden>('label-cleaning').cleaning)('scikit-learn and scipy: $name', (golden) => {
  const activations = { ...golden.activations, data: Float32Array.from(golden.activations.data) };
  const task = taskOf(golden.labels);
  const clean = (options: Partial<CleaningOptions>) =>
    cleanLabels(task, activations, { ...defaults, ...golden, ...options }, run);

  it('neighbours predict alike', async () => {
    const { labels } = (await clean({ filter: 'nearest-neighbours', mode: 'relabel' })).task;
    expect(largestGap(labels, golden.neighbours)).toBeLessThan(1e-9);
  });

  it('a logistic probe predicts alike', async () => {
    const { labels } = (await clean({ filter: 'logistic', mode: 'relabel' })).task;
    expect(largestGap(labels, golden.logistic)).toBeLessThan(1e-3);
  });

  it('the core is the same, and so is what the topological filter keeps', async () => {
    expect(await labelCore(activations, task.labels, golden.k, signal)).toEqual(golden.core);
    expect(idsOf((await clean({ filter: 'topological' })).task)).toEqual(golden.kept);
  });
});

/** On a line: three at 0 with labels 1, 1 and 0, three at 10 with labels 0, one of 1 between them and nearer to these. */
const line = matrix([[0], [0.1], [0.3], [10], [10.1], [10.3], [9]]);
const lineTask = taskOf([1, 0.9, 0.2, 0, 0, 0.1, 0.8]);

describe('neighbours', () => {
  it('predict by their mean label, without the example’s own', async () => {
    const means = await neighbourLabels(line, lineTask.labels, 2, signal);
    expect([...means]).toEqual([0.55, 0.6, 0.95, 0.05, 0.05, 0, 0].map((mean) => expect.closeTo(mean, 12)));
  });

  it('drop whom they contradict most', async () => {
    const { task, details } = await cleanLabels(lineTask, line, { ...defaults, k: 2, contamination: 2 / 7 }, run);
    expect(idsOf(task)).toEqual([0, 1, 3, 4, 5]);
    expect([...task.labels]).toEqual([1, 0.9, 0, 0, 0.1]);
    expect(details).toEqual({ dropped: 2, droppedPositives: 1, droppedNegatives: 1 });
  });

  it('relabel everybody', async () => {
    const { task, details } = await cleanLabels(lineTask, line, { ...defaults, k: 2, mode: 'relabel' }, run);
    expect(task.labels[6]).toBe(0);
    expect(task.labels[2]).toBeCloseTo(0.95, 12);
    expect(details).toEqual({ madeNegative: 1, madePositive: 1 });
  });
});

describe('the topological filter', () => {
  it('keeps each class’s largest strongly connected component', async () => {
    // Of side 1, 0 and 1 are each other's neighbours; 6 has edges to 3 and 4 alone. Of side 0, 2 has none to its own.
    expect(await labelCore(line, lineTask.labels, 2, signal)).toEqual([0, 1, 3, 4, 5]);
  });

  it('takes the component of the first row among equally large ones', async () => {
    const pairs = matrix([[5], [0], [5.1], [0.1], [20], [20.1], [30]]);
    expect(await labelCore(pairs, taskOf([1, 1, 1, 1, 0, 0, 0]).labels, 1, signal)).toEqual([0, 2, 4, 5]);
  });

  it('drops what is outside the core even beyond the share, and then nothing else', async () => {
    const options = { ...defaults, filter: 'topological', k: 2, kZeta: 2, contamination: 0.1 } as const;
    const { task, details } = await cleanLabels(lineTask, line, options, run);
    expect(idsOf(task)).toEqual([0, 1, 3, 4, 5]);
    expect(details).toEqual({ dropped: 2, droppedPositives: 1, droppedNegatives: 1 });
  });

  it('goes on within the core up to the share, by neighbours in the core', async () => {
    const options = { ...defaults, filter: 'topological', k: 2, kZeta: 1, contamination: 3 / 7 } as const;
    // In the core the nearest of 5 is 4, 0.1 away from its label; so are 0 and 1 from each other. 5 and one of these tie.
    const { task } = await cleanLabels(lineTask, line, options, run);
    expect(task.examples).toHaveLength(4);
    expect(idsOf(task)).toEqual(expect.arrayContaining([3, 4]));
  });
});

describe.each(filters)('planted errors and the %s filter', (filter) => {
  const { activations, truth, wrong, task } = planted(600, 0.1);
  const options = { ...defaults, filter };

  it('are what is dropped, and the share is exact', async () => {
    const cleaned = await cleanLabels(task, activations, options, run);
    const kept = new Set(idsOf(cleaned.task));
    const dropped = [...task.labels.keys()].filter((row) => !kept.has(row));
    expect(dropped).toHaveLength(60);
    expect(dropped.filter((row) => wrong.has(row)).length / dropped.length).toBeGreaterThan(0.9);
    const { droppedPositives, droppedNegatives } = cleaned.details;
    expect(cleaned.details.dropped).toBe(60);
    expect([droppedPositives, droppedNegatives]).toEqual(
      [true, false].map((side) => dropped.filter((row) => (task.labels[row] as number) > 0.5 === side).length),
    );
  });

  it.skipIf(filter === 'topological')('are set right by relabelling', async () => {
    const { labels } = (await cleanLabels(task, activations, { ...options, mode: 'relabel' }, run)).task;
    const right = truth.filter((outcome, row) => (labels[row] as number) > 0.5 === outcome).length;
    expect(right / truth.length).toBeGreaterThan(0.98);
  });

  it.each([0, 0.05, 0.25, 0.333])('share %s of the examples is dropped to the nearest whole number', async (share) => {
    const cleaned = await cleanLabels(task, activations, { ...options, contamination: share }, run);
    // No planted example is outside the core alone, but the wrong ones that are not linked to their class are.
    const least = filter === 'topological' ? 600 - (await labelCore(activations, task.labels, 50, signal)).length : 0;
    expect(600 - cleaned.task.examples.length).toBe(Math.max(least, Math.round(share * 600)));
    expect(cleaned.task.examples.map(({ id }) => id)).toEqual(idsOf(cleaned.task).map(String));
  });

  it('gives the same with the same seed', async () => {
    const [first, second] = [0, 0].map((seed) => cleanLabels(task, activations, options, { seed, signal }));
    expect(await first).toEqual(await second);
  });

  it.skipIf(filter === 'logistic')('stops when asked', async () => {
    const stopped = { seed: 0, signal: AbortSignal.abort(new Error('stopped')) };
    await expect(cleanLabels(task, activations, options, stopped)).rejects.toThrow('stopped');
  });
});

describe('equally doubtful labels', () => {
  // Of eleven at each of two places one is wrong, so nine neighbours of ten speak for a right label, be it 0 or 1.
  const alike = taskOf(Array.from({ length: 22 }, (_, row) => (row < 11 ? Number(row > 0) : Number(row > 20))));
  const places = matrix(alike.examples.map((_, row) => [row < 11 ? 0 : 50]));
  const kept = async (seed: number) =>
    idsOf((await cleanLabels(alike, places, { ...defaults, k: 10, contamination: 12 / 22 }, { seed, signal })).task);

  it('are drawn by seed, not by their place or class', async () => {
    const draws = await Promise.all([...Array(10).keys()].map(kept));
    expect(draws[1]).toEqual(await kept(1));
    expect(new Set(draws.map(String)).size).toBe(10);
    for (const draw of draws) expect(draw).not.toEqual(expect.arrayContaining([0, 21]));
    const positives = draws.flat().filter((row) => alike.labels[row] === 1).length;
    expect(positives).toBeGreaterThan(35);
    expect(positives).toBeLessThan(65);
  });
});

describe('what cannot be cleaned', () => {
  const few = taskOf([1, 0, 1, 0]);
  const points = matrix([[0], [1], [2], [3]]);

  it.each(['nearest-neighbours', 'topological'] as const)(
    '%s refuses as many neighbours as examples',
    async (filter) => {
      await expect(cleanLabels(few, points, { ...defaults, filter, k: 4 }, run)).rejects.toThrow(
        'Expected option "k" of test to be below the 4 examples with a weak label, got 4. Lower it, or give more',
      );
    },
  );

  it('topological refuses more neighbours than the core has', async () => {
    const options = { ...defaults, filter: 'topological', k: 3, kZeta: 4, contamination: 0.5 } as const;
    await expect(cleanLabels(few, points, options, run)).rejects.toThrow(
      'Expected option "kZeta" of test to be below the 4 examples of the core, got 4.',
    );
  });

  it('topological refuses a class of one', async () => {
    const options = { ...defaults, filter: 'topological', k: 2 } as const;
    await expect(cleanLabels(taskOf([1, 0, 0, 0]), points, options, run)).rejects.toThrow(
      'training examples with a weak label above 0.5 that test learns from to be at least 2, got 1',
    );
  });

  it('logistic refuses labels that are all 1', async () => {
    const options = { ...defaults, filter: 'logistic' } as const;
    await expect(cleanLabels(taskOf([1, 1, 1, 1]), points, options, run)).rejects.toThrow('strictly between 0 and 1');
  });
});

describe('label-cleaning', () => {
  const examples: readonly Example[] = [
    ...Array.from(lineTask.labels, (label, row) => exampleOf(row, [line.data[row] as number], { weakLabels: [label] })),
    exampleOf(7, [0], { measurements: [null] }),
  ];

  it('trains the pretrained model on what is left, by the shared recipe', async () => {
    const { call, fitted, predictor } = await fitSpied({ k: 2, contamination: 2 / 7 });
    expect(labelsOf(call)).toEqual({ 0: 1, 1: 0.9, 3: 0, 4: 0, 5: 0.1 });
    expect(call.options).toMatchObject({ seed: 5, batchSize: 64 });
    expect(predictor.calls).toEqual([]);
    expect(fitted.details).toMatchObject({ examples: 5, dropped: 2, droppedPositives: 1, droppedNegatives: 1 });
  });

  it('trains on predictions on demand', async () => {
    const { call, fitted } = await fitSpied({ k: 2, mode: 'relabel' });
    expect(labelsOf(call)).toEqual({ 0: 0.55, 1: 0.6, 2: 0.95, 3: 0.05, 4: 0.05, 5: 0, 6: 0 });
    expect(fitted.details).toMatchObject({ examples: 7, madeNegative: 1, madePositive: 1 });
  });

  it.each([
    [{}, 2],
    [{ layer: 'last' }, 4],
    [{ layer: 0 }, 0],
  ])('reads the pretrained model at the layer of %j', async (options, layer) => {
    const { fitted, layers, predictor } = await fitSpied({ k: 2, ...options });
    expect(layers).toEqual([layer]);
    expect(fitted.details?.layer).toBe(layer);
    expect(predictor.layersRead).toEqual([]);
  });

  it('reads the predictor on demand, and still trains the pretrained model', async () => {
    const { call, layers, predictor } = await fitSpied({ k: 2, model: 'predictor' });
    expect(layers).toEqual([]);
    expect(predictor.layersRead).toEqual([2]);
    expect(call.data.inputs).toHaveLength(6);
  });

  it('refuses labels on one side, a layer that is not there, and relabelling by topology', async () => {
    const alike = examples.map((example) => ({ ...example, weakLabels: [0.2] }));
    await expect(fitSpied({ k: 2 }, alike)).rejects.toThrow(
      /above 0.5 that label-cleaning learns from to be at least 1/,
    );
    await expect(fitSpied({ k: 2, layer: 5 })).rejects.toThrow(/option "layer" of label-cleaning to be at most 4/);
    const relabel = labelCleaning.options.safeParse({ filter: 'topological', mode: 'relabel' });
    expect(relabel.error?.issues).toMatchObject([{ path: ['mode'], message: /Expected mode to be "drop"/ }]);
  });

  it('refuses to train when cleaning leaves one class', async () => {
    // Two of label 1 amid label 0.
    const lone = [0, 1, 2, 3, 4, 5].map((row) =>
      exampleOf(row, [row], { weakLabels: [Number(row === 2 || row === 4)] }),
    );
    await expect(fitSpied({ k: 5, contamination: 1 / 3 }, lone)).rejects.toThrow(/label-cleaning learns from .* got 0/);
  });

  async function fitSpied(options: Readonly<Record<string, unknown>>, on = examples) {
    const [pretrained, predictor] = [createReadModel(), createReadModel()];
    const fitted = await fitOn(labelCleaning, on, {
      options,
      context: contextOf(predictor.model, pretrained.model, 5),
    });
    const call = pretrained.model.calls[0] as FinetuneCall;
    return { fitted, call, layers: pretrained.layersRead, predictor: { ...predictor.model, ...predictor } };
  }
});

/** A spy of four layers that tells at which layers it was read. */
function createReadModel() {
  const layersRead: number[] = [];
  const spy = createSpyModel({ width: 1, layers: 4 });
  const activations: typeof spy.activations = async (inputs, layer) => {
    layersRead.push(layer);
    return spy.activations(inputs, layer);
  };
  return { model: { ...spy, activations }, layersRead };
}

/** Two well separated clusters by outcome; a share of the labels, at known places, says the opposite. */
function planted(n: number, share: number) {
  const rng = createRng(3, 'planted-labels');
  const truth = Array.from({ length: n }, () => rng.chance(0.4));
  const wrong = new Set(rng.sample([...truth.keys()], Math.round(share * n)));
  const rows = truth.map((outcome) => Array.from({ length: 5 }, () => (outcome ? 2 : -2) + rng.normal()));
  const labels = truth.map((outcome, row) => {
    const sure = 0.75 + 0.25 * rng.uniform();
    return outcome !== wrong.has(row) ? sure : 1 - sure;
  });
  return { truth, wrong, activations: matrix(rows), task: taskOf(labels) };
}

function taskOf(labels: readonly number[]): WeakTask {
  const examples = labels.map((_, row) => exampleOf(row, [], {}));
  return { technique: 'test', examples, labels: Float64Array.from(labels) };
}

function exampleOf(row: number, features: readonly number[], parts: Partial<Example>): Example {
  const plain = { measurements: [true], trusted: false, groundTruth: true };
  return { id: String(row), text: textOf(features), ...plain, ...parts };
}

function idsOf({ examples }: WeakTask): number[] {
  return examples.map(({ id }) => Number(id));
}

function labelsOf(call: FinetuneCall): Record<string, number> {
  const rows = call.data.inputs.map(({ id }, row) => [id, Number(cell(call, row, 'aggregate').target.toFixed(6))]);
  return Object.fromEntries(rows);
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
}
