import { describe, expect, it } from 'vitest';
import { categories, type Example } from '../../src/core/examples.ts';
import type { HeadId } from '../../src/core/models.ts';
import { exclusionFinetuningEach } from '../../src/techniques/exclusion-finetuning-each.ts';
import { cell, createSpyModel, type FinetuneCall } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

const measurementHeads = ['measurement-1', 'measurement-2', 'measurement-3'] as const;
/** + positive, - negative, ? masked. */
const examples: readonly Example[] = [
  example('trusted-positive', '+++', true),
  example('trusted-negative', '---', true),
  example('doubtful', '+++', false),
  example('part-masked', '?++', false),
  example('inconsistent', '+-+', false),
  example('all-negative', '---', false),
];

describe('exclusion-finetuning-each', () => {
  it('trains one model per measurement, from the predictor, on all examples', async () => {
    const { predictor, pretrained, fitted } = await fitSpied({ epochs: 4 });
    expect(pretrained.calls).toEqual([]);
    expect(predictor.calls).toHaveLength(3);
    for (const { data, options } of predictor.calls) {
      expect(data.inputs.map(({ id }) => id)).toEqual(examples.map(({ id }) => id));
      expect(options).toMatchObject({ seed: 5, epochs: 4, learningRate: 3e-4 });
    }
    expect(fitted.details).toMatchObject({ examples: 6, epochs: 4, masked: [2, 2, 3] });
  });

  it('masks measurement j where an untrusted example has it positive, and nothing else', async () => {
    const { predictor } = await fitSpied();
    for (const [model, call] of predictor.calls.entries()) {
      for (const [j, head] of measurementHeads.entries()) {
        const counted = examples.filter(({ trusted, measurements }) => {
          const doubted = j === model && !trusted && measurements[j] === true;
          return measurements[j] !== null && !doubted;
        });
        const wanted = counted.map(({ id, measurements }) => [id, [Number(measurements[j]), 0.7]]);
        expect(answers(call, head)).toEqual(Object.fromEntries(wanted));
      }
      expect(Object.keys(answers(call, 'aggregate'))).toHaveLength(examples.length);
      expect(answers(call, 'ground-truth')).toEqual({});
    }
  });

  it('scores by the sum of the masked logits, each of its own model', async () => {
    let trained = 0;
    const modelOf = (j: number) => createSpyModel({ width: 1, logits: () => [900, 900, ...onlyAt(j)] });
    const predictor = { ...createSpyModel({ width: 1 }), finetune: async () => modelOf(trained++) };
    const { score } = await fitOn(exclusionFinetuningEach, examples, { context: contextOf(predictor) });
    expect([...(await score([{ id: 'a', text: '0' }]))]).toEqual([1 + 10 + 100]);
  });

  it('refuses a measurement that no trusted example has positive, naming it', async () => {
    const without = examples.map((e) => (e.trusted ? { ...e, measurements: [true, false, true] } : e));
    await expect(fitSpied({}, without)).rejects.toThrow(
      /number of trusted examples with measurement "second" positive that exclusion-finetuning-each learns from/,
    );
  });

  it('foresees one finetuning per measurement', () => {
    const options = exclusionFinetuningEach.options.parse({});
    expect(exclusionFinetuningEach.finetunings?.(options, 2)).toEqual([categories, categories]);
  });
});

/** Model j's logits: 10 to the power j at measurement j, thousands elsewhere. */
function onlyAt(j: number): number[] {
  return [0, 1, 2].map((k) => (k === j ? 10 ** j : 1000));
}

async function fitSpied(options = {}, on = examples) {
  const [predictor, pretrained] = [createSpyModel({ width: 1 }), createSpyModel({ width: 1 })];
  const fitted = await fitOn(exclusionFinetuningEach, on, { options, context: contextOf(predictor, pretrained, 5) });
  return { predictor, pretrained, fitted };
}

function answers(call: FinetuneCall, head: HeadId): Record<string, readonly number[]> {
  const cells = call.data.inputs.map(({ id }, row) => ({ id, ...cell(call, row, head) }));
  const counted = cells.filter(({ weight }) => weight > 0);
  return Object.fromEntries(counted.map(({ id, target, weight }) => [id, [target, Number(weight.toFixed(6))]]));
}

function example(id: string, signs: string, trusted: boolean): Example {
  const measurements = [...signs].map((sign) => (sign === '?' ? null : sign === '+'));
  return { id, text: '0', trusted, measurements, groundTruth: false };
}
