import { describe, expect, it } from 'vitest';
import { resolveDetectionConfig, resolveDetectorConfig } from '../../src/detection/detection-config.ts';

const written = { data: 'rows.jsonl', columns: { text: 'text', measurements: 'measurements' } };

function problemsOf(config: unknown): string {
  try {
    resolveDetectionConfig(config);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('the config of inspect and detect', () => {
  it('is the built-in encoder with frozen features at 5 % unless told otherwise', () => {
    const config = resolveDetectionConfig(written, { threads: 3 });
    expect(config).toMatchObject({
      data: 'rows.jsonl',
      model: { source: 'universal-sentence-encoder-lite' },
      training: { trainable: 'heads' },
      techniques: 'auto',
      alarm: 0.05,
      correction: 'none',
      weighted: false,
      folds: 'auto',
      seed: 0,
      threads: 3,
    });
    expect(config.tokenizer).toBeUndefined();
  });

  it('trains the project’s own model when it names sizes', () => {
    const config = resolveDetectorConfig({ model: { width: 32 }, training: { epochs: 3 } });
    expect(config).toMatchObject({ model: { width: 32, layers: 4 }, tokenizer: { vocabulary: 1024 } });
    expect(config.training).toMatchObject({ trainable: 'full', epochs: 3, batchSize: 64 });
  });

  it('finetunes a pretrained model at its own rates', () => {
    const lora = resolveDetectorConfig({ training: { trainable: 'lora' }, techniques: ['evidence-finetuning'] });
    expect(lora.training.learningRate).toBe(5e-4);
    expect(lora.techniques).toMatchObject([{ id: 'evidence-finetuning', options: { learningRate: 3e-4, epochs: 1 } }]);
    expect(resolveDetectorConfig({ training: { trainable: 'full' } }).training.learningRate).toBe(5e-5);
  });

  it('resolves to itself', () => {
    for (const extra of [{}, { model: { width: 32 } }, { techniques: ['mahalanobis'], alarm: 0.01 }]) {
      const config = resolveDetectionConfig({ ...written, ...extra });
      expect(resolveDetectionConfig(config)).toEqual(config);
    }
  });

  it('names all problems with their paths', () => {
    const problems = problemsOf({
      ...written,
      alarm: 1.5,
      fold: 3,
      folds: 11,
      correction: 'holm',
      techniques: ['evidence-prob', 'ground-truth-probe', { id: 'mahalanobis', options: { shrink: 1 } }],
      training: { epoch: 3 },
      tokenizer: {},
    });
    for (const part of [
      'got 9 problems',
      'alarm: ',
      'fold: Unknown key. Did you mean "folds"?',
      'folds: ',
      'correction: ',
      'techniques.0: Expected the id of a technique, got "evidence-prob". Did you mean "evidence-probe"?',
      'training.epoch: Unknown key.',
      'techniques.1: Expected a technique that needs no ground truth, got ground-truth-probe, a ceiling.',
    ])
      expect(problems).toContain(part);
    expect(problemsOf({ ...written, tokenizer: {} })).toContain('A pretrained model brings its own');
    expect(problemsOf({ ...written, techniques: 'all' })).toContain('must be auto or a list of ids');
    expect(problemsOf(null)).toContain('config: ');
    expect(problemsOf({ data: 'rows.jsonl' })).toContain('columns: ');
  });

  it('names the nearest key wherever one is misspelt, and all that is missing', () => {
    const problems = problemsOf({
      data: 'a.csv',
      columns: { idd: 'id', measurments: 'ok' },
      training: { epoch: 3 },
      alarm: 3,
    });
    expect(problems).toContain('columns.idd: Unknown key. Did you mean "id"?');
    expect(problems).toContain('columns.measurments: Unknown key. Did you mean "measurements"?');
    expect(problems).toContain('training.epoch: Unknown key. Did you mean "epochs"?');
    expect(problems).toContain('columns.text: Expected a column of texts or messages, or activations, got none');
    expect(problems).toContain('columns.measurements: Expected columns of measurements, or test results, got none');
    expect(problems).toContain('alarm: ');
    const report = problemsOf({ ...written, results: [{ path: 'r/{id}.xml', formt: 'junit' }] });
    expect(report).toContain('results.0.formt: Unknown key. Did you mean "format"?');
  });
});
