import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { resolveConfig } from '../../src/experiments/config.ts';

const resolve = (written: unknown) => resolveConfig(written, { threads: 2 });

/** The message of the error that a config provokes. */
function complaint(written: unknown): string {
  try {
    resolve(written);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return expect.fail('Expected an error');
}

describe('resolveConfig', () => {
  it('fills in a preset and every default', () => {
    const config = resolve({});
    expect(config.preset).toBe('default');
    expect(config.seeds).toEqual([0]);
    expect(config.threads).toBe(2);
    expect(config.settings[0]).toMatchObject({ id: 'diamond-vault', options: { fakePositiveShare: 0.1 } });
    expect(config.techniques.map(({ id }) => id)).toContain('ground-truth-finetuning');
  });

  it('overrides parts of a preset key by key', () => {
    const preset = resolve({ preset: 'quick' });
    const config = resolve({ preset: 'quick', training: { batchSize: 7 } });
    expect(config.training).toEqual({ ...preset.training, batchSize: 7 });
  });

  it('is a fixed point: a resolved config resolves to itself', () => {
    const config = resolve({ preset: 'quick', techniques: ['evidence-probe'], seeds: [3, 4], limit: 5 });
    expect(resolve(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('adds the baseline, without which nothing could be compared', () => {
    expect(resolve({ techniques: ['evidence-probe'], controls: false }).techniques.map(({ id }) => id)).toEqual([
      'untrusted-finetuning',
      'evidence-probe',
    ]);
  });

  it('adds the controls that the setting can have, once, unless told not to', () => {
    const named = (written: object) => resolve(written).techniques.map(({ id }) => id);
    expect(named({ techniques: ['evidence-probe', 'label-permutation'] })).toEqual([
      'untrusted-finetuning',
      'evidence-probe',
      'label-permutation',
      'random-probe',
      'surface-baseline',
      'surface-ceiling',
    ]);
    const config = resolve({ techniques: ['evidence-probe'] });
    expect(resolve(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('lets one technique stand several times under names of its own', () => {
    const wide = { id: 'evidence-probe', as: 'evidence-probe-last', options: { layer: 'last' } };
    const config = resolve({ techniques: ['evidence-probe', wide], controls: false });
    expect(config.techniques.map(({ id, as }) => [id, as])).toEqual([
      ['untrusted-finetuning', undefined],
      ['evidence-probe', undefined],
      ['evidence-probe', 'evidence-probe-last'],
    ]);
    expect(resolve(JSON.parse(JSON.stringify(config)))).toEqual(config);
    const own = resolve({ techniques: [{ id: 'evidence-probe', as: 'evidence-probe' }], controls: false });
    expect(own.techniques[1]).not.toHaveProperty('as');
  });

  it('refuses a name that is taken or no name', () => {
    const named = (as: unknown) => ({ techniques: ['trusted-probe', { id: 'evidence-probe', as }] });
    expect(complaint(named('trusted-probe'))).toContain(
      'techniques.1.as: Expected a name that nothing else has, got "trusted-probe"',
    );
    expect(complaint(named('measurement-predictor'))).toContain('a name that nothing else has');
    expect(complaint(named('My probe'))).toContain('Expected a name like my-probe-2, got "My probe"');
    expect(
      complaint({
        techniques: [
          { id: 'trusted-probe', as: 'same' },
          { id: 'evidence-probe', as: 'same' },
        ],
      }),
    ).toContain('must not name one twice; give each another name');
  });

  it('suggests the nearest id', () => {
    expect(complaint({ techniques: ['evidence-prob'] })).toContain('Did you mean "evidence-probe"?');
    expect(complaint({ settings: ['diamond-volt'] })).toContain('Did you mean "diamond-vault"?');
    expect(complaint({ sedes: [1] })).toContain('sedes: Unknown key. Did you mean "seeds"?');
    expect(complaint({ preset: 'fast' })).toContain('preset: Expected one of quick, default, full, got "fast"');
  });

  it('reports all problems at once, each with its path', () => {
    const message = complaint({
      seeds: [],
      device: 'tpu',
      training: { epochs: -1, epoch: 2 },
      techniques: [{ id: 'exclusion-finetuning', options: { epochs: 'many' } }, 'nonsense'],
    });
    expect(message).toContain('problems');
    for (const path of [
      'seeds:',
      'device:',
      'training.epochs:',
      'training.epoch:',
      'techniques.0.options.epochs:',
      'techniques.1:',
    ]) {
      expect(message).toContain(path);
    }
  });

  it.each([null, 3, 'text', [1]])('refuses %j as a config', (written) => {
    expect(complaint(written)).toContain('Expected it to be a mapping of keys');
  });

  it('refuses one technique twice and one seed twice', () => {
    expect(complaint({ techniques: ['evidence-probe', 'evidence-probe'] })).toContain('must not name one twice');
    expect(complaint({ seeds: [1, 1] })).toContain('must differ');
  });
});
