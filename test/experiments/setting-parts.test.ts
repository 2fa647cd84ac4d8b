import { describe, expect, it } from 'vitest';
import { pointsOf, resolveConfig } from '../../src/experiments/config.ts';
import { planRun } from '../../src/experiments/plan.ts';
import type { ChosenSetting } from '../../src/experiments/run-config.ts';
import { configOn } from '../../src/experiments/setting-parts.ts';
import { tinyConfig } from './tiny.ts';

const [vault] = tinyConfig.settings;
const arithmetic = {
  id: 'arithmetic-reasoning',
  options: { supervisorExamples: 40, trainExamples: 40, testExamples: 20 },
};
const resolve = (written: object) => resolveConfig({ ...tinyConfig, ...written }, { threads: 1 });
const plan = (written: object) => planRun(resolve(written), { versions: {} });

describe('a config on one of its settings', () => {
  it("has the setting's own parts in the place of the config's, key by key", () => {
    const config = resolve({
      settings: [
        vault,
        {
          ...arithmetic,
          model: { layers: 2 },
          training: { epochs: 7 },
          techniques: { 'exclusion-finetuning': { learningRate: 1e-5 } },
        },
      ],
    });
    const [first, second] = config.settings.map((setting) => configOn(config, setting));
    expect(first?.training).toEqual(config.training);
    expect(second?.training).toEqual({ ...config.training, epochs: 7 });
    expect(second?.model).toEqual({ ...config.model, layers: 2 });
    const options = second?.techniques.find(({ id }) => id === 'exclusion-finetuning')?.options;
    expect(options).toEqual({ epochs: 1, learningRate: 1e-5 });
  });

  it('resolves to itself once resolved', () => {
    const config = resolve({ settings: [vault, { ...arithmetic, as: 'sums', supervisor: { count: 2 } }] });
    expect(resolveConfig({ ...config }, { threads: 1 })).toEqual(config);
  });

  it('starts each key from the one above it, and supervisors from their own sizes', () => {
    const supervisor = { model: { width: 24 } };
    const config = resolve({ settings: [{ ...arithmetic, supervisor: { model: { layers: 1 } } }], supervisor });
    expect(config.supervisor.model).toEqual({ width: 24, layers: 2, heads: 2, maxTokens: 160 });
    const [own] = config.settings.map((setting) => configOn(config, setting));
    expect(own?.supervisor).toEqual({ ...config.supervisor, model: { ...config.supervisor.model, layers: 1 } });
  });

  it('is reached by a sweep over what it leaves to the config', () => {
    const config = resolve({
      settings: [
        { ...arithmetic, training: { batchSize: 16 }, techniques: { 'naive-finetuning': { labels: 'hard' } } },
      ],
      techniques: ['naive-finetuning'],
      sweep: { 'training.epochs': [1, 7], 'techniques.naive-finetuning.options.batchSize': [8, 64] },
    });
    const points = pointsOf(config).map(({ config: at }) => configOn(at, at.settings[0] as ChosenSetting));
    expect(points.map(({ training: { epochs, batchSize } }) => [epochs, batchSize])).toEqual([
      ...[1, 1, 7, 7].map((epochs) => [epochs, 16]),
    ]);
    const students = points.map(({ techniques }) => techniques.find(({ id }) => id === 'naive-finetuning')?.options);
    expect(students).toMatchObject([8, 64, 8, 64].map((batchSize) => ({ batchSize, labels: 'hard' })));
  });

  it('names every fault with its path', () => {
    const faulty = {
      settings: [{ ...arithmetic, training: { epochs: -1 }, supervisor: { cuont: 2 }, techniques: { ghost: {} } }],
    };
    expect(() => resolve(faulty)).toThrow(/settings\.0\.training\.epochs: .*\n.*\n?.*settings\.0\.techniques\.ghost/s);
    expect(() => resolve(faulty)).toThrow(/settings\.0\.supervisor: .*cuont/);
  });

  it('gives one setting two names', () => {
    const twice = [vault, { ...vault, as: 'vault-again', options: { ...vault?.options, trainExamples: 200 } }];
    const { steps } = plan({ settings: twice });
    expect(steps.filter(({ kind }) => kind === 'metrics').map(({ config }) => config.setting)).toEqual([
      'diamond-vault',
      'vault-again',
    ]);
    expect(() => resolve({ settings: [vault, vault] })).toThrow(/must not name one twice/);
  });
});

describe("a config's own presets", () => {
  const written = { ...tinyConfig, presets: { quick: { seeds: [5] }, full: { seeds: [1, 2] } } };

  it('replace its keys under that preset alone', () => {
    expect(resolveConfig({ ...written, preset: 'quick' }, { threads: 1 }).seeds).toEqual([5]);
    expect(resolveConfig({ ...written, preset: 'default' }, { threads: 1 }).seeds).toEqual([0]);
    expect(() => resolveConfig({ ...written, presets: { fast: {} } }, { threads: 1 })).toThrow(/presets: .*fast/);
  });
});

describe('the plan of several settings', () => {
  const settings = [vault, arithmetic];

  it('leaves out what a setting offers nothing for, and names what is missing', () => {
    const { points } = plan({ settings });
    const names = (setting: string) =>
      points[0]?.seeds.find((seed) => seed.setting === setting)?.techniques.map(({ name }) => name);
    expect(names('diamond-vault')).toContain('evidence-probe');
    expect(names('arithmetic-reasoning')).not.toContain('evidence-probe');
    const cell = points[0]?.infeasible.find(({ technique }) => technique === 'evidence-probe');
    expect(cell).toEqual({
      setting: 'arithmetic-reasoning',
      technique: 'evidence-probe',
      missing: ['trusted-subset', 'several-measurements'],
    });
  });

  it('refuses a technique that no setting has a use for', () => {
    const settings = [arithmetic];
    expect(() => plan({ settings, techniques: ['trusted-probe'] })).toThrow(
      /trusted-probe needs the structure trusted-subset, which arithmetic-reasoning does not offer/,
    );
  });

  it('says how a setting comes to several supervisors', () => {
    const one = { settings: [arithmetic], techniques: ['supervisor-weights'] };
    expect(() => plan(one)).toThrow(/supervisor-weights needs the structure several-supervisors.*supervisor\.count/);
    expect(() => plan({ ...one, supervisor: { count: 2 } })).not.toThrow();
  });

  it('has a weak supervisor and pretraining where the setting wants them, and nowhere else', () => {
    const kinds = (written: object) => plan(written).steps.map(({ kind }) => kind);
    expect(kinds({ settings: [vault] })).not.toContain('weak-supervisor');
    const untrusted = { settings: [arithmetic], techniques: ['untrusted-finetuning'] };
    expect(kinds(untrusted).slice(0, 4)).toEqual([
      'dataset',
      'weak-supervisor',
      'pretraining',
      'measurement-predictor',
    ]);
    expect(kinds({ ...untrusted, pretraining: { epochs: 0 } })).not.toContain('pretraining');
  });

  it('does the pretraining once for all weak supervisors', () => {
    const untrusted = { techniques: ['untrusted-finetuning'], supervisor: { epochs: 1 } };
    const keyOf = (supervisor: object) =>
      plan({ ...untrusted, settings: [{ ...arithmetic, supervisor }] }).steps.find(({ kind }) => kind === 'pretraining')
        ?.key;
    expect(keyOf({ epochs: 3 })).toBe(keyOf({ epochs: 4 }));
  });
});
