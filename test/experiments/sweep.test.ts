import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { pointsOf, resolveConfig } from '../../src/experiments/config.ts';
import { planRun } from '../../src/experiments/plan.ts';
import { runExperiment } from '../../src/experiments/run.ts';
import { readRunScores } from '../../src/experiments/run-directory.ts';
import { inTemporaryDirectory, runOptions, tinyConfig } from './tiny.ts';

const trainExamples = 'settings.diamond-vault.options.trainExamples';
const layer = 'techniques.evidence-probe.options.layer';
const resolve = (sweep: object) => resolveConfig({ ...tinyConfig, sweep }, { threads: 1 });

function complaint(sweep: object): string {
  try {
    resolve(sweep);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return expect.fail('Expected an error');
}

/** How many steps of each kind a sweep takes. */
function counts(sweep: object): Record<string, number> {
  const { steps } = planRun(resolve(sweep), { versions: {} });
  expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
  return Object.fromEntries([...Map.groupBy(steps, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]));
}

describe('a sweep with faults', () => {
  it('has all of them named at once: of its keys, and of what the sound keys would do', () => {
    const message = complaint({
      'training.epoch': [1, 2],
      'training.epochs': [0, 2],
      'techniques.nothing.options.layer': [1],
    });
    expect(message).toContain('3 problems');
    for (const thing of ['techniques.nothing', 'training.epochs: Too small', 'epoch: Unknown key']) {
      expect(message).toContain(thing);
    }
  });
});

describe('the points of a sweep', () => {
  it('are all combinations, each a config as a person would have written it', () => {
    const points = pointsOf(resolve({ [trainExamples]: [240, 300], 'training.epochs': [1, 2] }));
    expect(points.map(({ point }) => point?.name)).toEqual([
      'trainExamples=240, epochs=1',
      'trainExamples=240, epochs=2',
      'trainExamples=300, epochs=1',
      'trainExamples=300, epochs=2',
    ]);
    expect(points.map(({ config }) => config.training.epochs)).toEqual([1, 2, 1, 2]);
    expect(points[3]?.config.settings[0]?.options).toMatchObject({ trainExamples: 300, validationExamples: 60 });
    expect(points[3]?.point?.values).toEqual({ [trainExamples]: 300, 'training.epochs': 2 });
    const written = { ...tinyConfig, training: { epochs: 2, batchSize: 32 } };
    expect(points[1]?.config).toEqual(resolveConfig(written, { threads: 1 }));
  });

  it('find an entry by its name, and have names that tell keys of one ending apart', () => {
    const named = { id: 'evidence-probe', as: 'other', options: { folds: 2 } };
    const config = resolveConfig(
      {
        ...tinyConfig,
        techniques: ['evidence-probe', named],
        sweep: { 'techniques.other.options.folds': [2, 3], 'techniques.evidence-probe.options.folds': [4, 5] },
      },
      { threads: 1 },
    );
    const [, second] = pointsOf(config);
    expect(second?.point?.name).toBe('other.options.folds=2, evidence-probe.options.folds=5');
    expect(second?.config.techniques.map(({ options }) => (options as { folds?: number }).folds)).toEqual([
      undefined,
      5,
      2,
    ]);
  });

  it('resolve to themselves', () => {
    const config = resolve({ [layer]: [0, 1] });
    expect(resolveConfig(JSON.parse(JSON.stringify(config)), { threads: 1 })).toEqual(config);
  });
});

describe('a sweep with faults', () => {
  it('names all of them at once, with the point', () => {
    const message = complaint({ [layer]: [1, -1], 'training.epochs': [1, 'two'] });
    expect(message).toContain('sweep, layer=-1, epochs=1: techniques.2.options.layer:');
    expect(message).toContain('sweep, layer=1, epochs=two: training.epochs:');
  });

  it('is refused for keys that there are not', () => {
    expect(complaint({ 'training.epoch': [1, 2] })).toContain('sweep: training.epoch: Unknown key');
    expect(complaint({ 'techniques.evidence-prob.options.layer': [1] })).toContain('Did you mean "evidence-probe"?');
    expect(complaint({ 'limit.size': [1] })).toContain('has no key "size"');
    expect(complaint({ nonsense: [1, 2] })).toContain('nonsense: Unknown key');
  });

  it.each(['seeds', 'preset', 'sweep', 'model.source'])('is refused for %s', (key) => {
    expect(complaint({ [key]: [1, 2] })).toContain(`sweep.${key}: Expected another key`);
  });

  it('is refused when it is empty, too large or repeats itself', () => {
    expect(complaint({})).toContain('Expected at least one key path');
    expect(complaint({ 'training.epochs': [] })).toContain('sweep.training.epochs');
    expect(complaint({ 'training.epochs': [1, 1] })).toContain('got one twice');
    expect(complaint({ 'training.epochs': Array.from({ length: 201 }, (_, i) => i + 1) })).toContain(
      'at most 200 points, got 201',
    );
  });
});

describe('the plan of a sweep', () => {
  it('shares every step that the swept key does not touch', () => {
    const techniques = tinyConfig.techniques.length;
    expect(counts({ [layer]: [0, 1] })).toEqual({
      dataset: 1,
      'measurement-predictor': 1,
      activations: 1,
      technique: techniques + 1,
      metrics: 2,
    });
    expect(counts({ 'training.epochs': [1, 2] })).toEqual({
      dataset: 1,
      'measurement-predictor': 2,
      activations: 2,
      technique: 2 * techniques,
      metrics: 2,
    });
    expect(counts({ [trainExamples]: [240, 300], [layer]: [0, 1] })).toEqual({
      dataset: 2,
      'measurement-predictor': 2,
      activations: 2,
      technique: 2 * (techniques + 1),
      metrics: 4,
    });
  });

  it('says what a step is for, and which points share it', () => {
    const { steps, sharedBy } = planRun(resolve({ [trainExamples]: [240, 300], [layer]: [0, 1] }), { versions: {} });
    const labels = steps.map(({ label }) => label);
    expect(labels).toContain('diamond-vault · seed 0 · trainExamples=300');
    expect(labels).toContain('evidence-probe · seed 0 · trainExamples=240, layer=1');
    const dataset = steps.find(({ kind }) => kind === 'dataset');
    expect(sharedBy.get(dataset?.key ?? '')).toEqual(['trainExamples=240, layer=0', 'trainExamples=240, layer=1']);
  });

  it('leaves out what a point offers nothing for, and refuses what no point can run', () => {
    const measurements = 'settings.diamond-vault.options.measurements';
    const { points } = planRun(resolve({ [measurements]: [1, 3] }), { versions: {} });
    const named = points.map(({ seeds: [seed] }) => seed?.techniques.map(({ name }) => name));
    expect(named[0]).not.toContain('evidence-probe');
    expect(named[1]).toContain('evidence-probe');
    expect(named[0]).toContain('trusted-probe');
    const [setting] = tinyConfig.settings;
    const alone = { ...tinyConfig, settings: [{ ...setting, options: { ...setting?.options, measurements: 1 } }] };
    expect(() => planRun(resolveConfig(alone, { threads: 1 }), { versions: {} })).toThrow(
      /evidence-probe needs the structure several-measurements, which diamond-vault does not offer/,
    );
  });

  it('does equal work under two names once', () => {
    const twin = { id: 'evidence-probe', as: 'twin', options: { folds: 2 } };
    const config = resolveConfig({ ...tinyConfig, techniques: [...tinyConfig.techniques, twin] }, { threads: 1 });
    const { steps } = planRun(config, { versions: {} });
    expect(steps.filter(({ kind }) => kind === 'technique')).toHaveLength(tinyConfig.techniques.length);
  });
});

describe('a run of a sweep', () => {
  it('has one record, in which every number has its point', () =>
    inTemporaryDirectory(async (out) => {
      const twin = { id: 'evidence-probe', as: 'twin', options: { folds: 2, layer: 1 } };
      const written = { ...tinyConfig, techniques: [{ id: 'evidence-probe', options: { folds: 2 } }, twin] };
      const config = resolveConfig({ ...written, sweep: { [layer]: [0, 1] } }, { threads: 1 });
      const { directory, record, examples } = await runExperiment(config, runOptions(out));
      expect(record.points?.map(({ name }) => name)).toEqual(['layer=0', 'layer=1']);
      expect(record.techniques[2]).toMatchObject({
        id: 'twin',
        technique: 'evidence-probe',
        options: { folds: 2, layer: 1 },
      });
      const auroc = (technique: string, point: string) =>
        record.results.find(
          (result) =>
            result.technique === technique && result.point === point && result.metric === 'real-vs-fake-auroc',
        )?.estimate;
      expect(auroc('evidence-probe', 'layer=1')).toEqual(auroc('twin', 'layer=0'));
      expect(auroc('evidence-probe', 'layer=0')).not.toEqual(auroc('evidence-probe', 'layer=1'));
      for (const part of [record.results, record.datasets, await readRunScores(directory)]) {
        expect(new Set(part.map(({ point }) => point))).toEqual(new Set(['layer=0', 'layer=1']));
      }
      expect(Object.keys(record.details)).toContain('diamond-vault/evidence-probe/0/layer=0');
      expect(record.steps[0]?.points).toEqual(['layer=0', 'layer=1']);
      // One dataset serves both points, so its examples are there once.
      expect(new Set(examples.map(({ exampleId }) => exampleId)).size).toBe(examples.length);
      expect(examples[0]?.points).toEqual(['layer=0', 'layer=1']);
    }));
});
