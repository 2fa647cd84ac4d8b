import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import type { HeadId } from '../../src/core/models.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { evidenceFinetuning } from '../../src/techniques/evidence-finetuning.ts';
import { exclusionFinetuning } from '../../src/techniques/exclusion-finetuning.ts';
import { groundTruthFinetuning } from '../../src/techniques/ground-truth-finetuning.ts';
import { trustedFinetuning } from '../../src/techniques/trusted-finetuning.ts';
import { untrustedFinetuning } from '../../src/techniques/untrusted-finetuning.ts';
import { cell, createSpyModel, type FinetuneCall } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

/** One example of each kind; + positive, - negative, ? masked. */
const kinds = {
  'trusted-positive': example('trusted', '+++', true),
  'trusted-negative': example('trusted', '---', false),
  'trusted-inconsistent': example('trusted', '+-+', false),
  'trusted-part-masked': example('trusted', '+?+', true),
  'trusted-all-masked': example('trusted', '???', true),
  real: example('untrusted', '+++', true),
  fake: example('untrusted', '+++', false),
  'fake-part-masked': example('untrusted', '?++', false),
  'all-negative': example('untrusted', '---', false),
  inconsistent: example('untrusted', '-++', false),
  'inconsistent-part-masked': example('untrusted', '+-?', false),
  'untrusted-all-masked': example('untrusted', '???', false),
};
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];
const examples: readonly Example[] = kindNames.map((kind) => ({ ...kinds[kind], id: kind }));

describe('untrusted-finetuning', () => {
  it('is the aggregate logit of the predictor, and trains nothing', async () => {
    const predictor = createSpyModel({ width: 1, logits: ([x = 0]) => [2 * x, 9, 9, 9, 9] });
    const fitted = await fitOn(untrustedFinetuning, examples, { context: contextOf(predictor) });
    expect([
      ...(await fitted.score([
        { id: 'a', text: '1.5' },
        { id: 'b', text: '-4' },
      ])),
    ]).toEqual([3, -8]);
    expect(predictor.calls).toEqual([]);
  });
});

describe('trusted-finetuning', () => {
  it('trains the pretrained model on the aggregate of trusted examples alone', async () => {
    const { pretrained, predictor } = await fitSpied(trustedFinetuning);
    expect(predictor.calls).toEqual([]);
    expect(answers(onlyCall(pretrained.calls), 'aggregate')).toEqual({
      'trusted-positive': [1, 1],
      'trusted-negative': [0, 1],
      'trusted-inconsistent': [0, 1],
      'trusted-part-masked': [1, 1],
    });
    expect(onlyCall(pretrained.calls).options).toMatchObject({ seed: 5, epochs: 12, learningRate: 1e-3 });
  });

  it('refuses trusted examples that are all alike', async () => {
    const alike = examples.filter(({ id }) => id === 'trusted-positive' || id === 'real');
    await expect(fitSpied(trustedFinetuning, {}, alike)).rejects.toThrow(
      /number of trusted examples with a negative measurement that trusted-finetuning learns from to be at least 1, got 0/,
    );
  });
});

describe('evidence-finetuning', () => {
  const expectedAnswers = {
    'trusted-positive': [1, 1],
    'trusted-negative': [1, 1],
    'trusted-inconsistent': [1, 1],
    'trusted-part-masked': [1, 1],
    'trusted-all-masked': [1, 1],
    inconsistent: [0, 1],
    'inconsistent-part-masked': [0, 1],
  };

  it('tells trusted from untrusted inconsistent examples, starting from the predictor', async () => {
    const { pretrained, predictor } = await fitSpied(evidenceFinetuning);
    expect(answers(onlyCall(predictor.calls), 'aggregate')).toEqual(expectedAnswers);
    expect(pretrained.calls).toEqual([]);
  });

  it('starts from the pretrained model when asked', async () => {
    const { pretrained, predictor } = await fitSpied(evidenceFinetuning, { start: 'pretrained', epochs: 9 });
    expect(answers(onlyCall(pretrained.calls), 'aggregate')).toEqual(expectedAnswers);
    expect(onlyCall(pretrained.calls).options.epochs).toBe(9);
    expect(predictor.calls).toEqual([]);
  });

  it('refuses examples that are never inconsistent', async () => {
    const consistent = examples.filter(({ id }) => !id.startsWith('inconsistent'));
    await expect(fitSpied(evidenceFinetuning, {}, consistent)).rejects.toThrow(
      /untrusted examples with inconsistent measurements that evidence-finetuning learns from .* got 0\. Give it/,
    );
  });
});

describe('exclusion-finetuning', () => {
  it('masks the aggregate on untrusted all-positive examples and nothing else', async () => {
    const { predictor, pretrained } = await fitSpied(exclusionFinetuning);
    const call = onlyCall(predictor.calls);
    expect(call.data.inputs.map(({ id }) => id)).toEqual(kindNames);
    expect(pretrained.calls).toEqual([]);
    expect(answers(call, 'aggregate')).toEqual({
      'trusted-positive': [1, 0.3],
      'trusted-negative': [0, 0.3],
      'trusted-inconsistent': [0, 0.3],
      'trusted-part-masked': [1, 0.3],
      'all-negative': [0, 0.3],
      inconsistent: [0, 0.3],
      'inconsistent-part-masked': [0, 0.3],
    });
  });

  it('keeps the measurements’ losses, of real and fake positives too, where they are present', async () => {
    const call = onlyCall((await fitSpied(exclusionFinetuning)).predictor.calls);
    for (const [j, head] of (['measurement-1', 'measurement-2', 'measurement-3'] as const).entries()) {
      const present = examples.filter(({ measurements }) => measurements[j] !== null);
      const wanted = present.map(({ id, measurements }) => [id, [Number(measurements[j]), 0.7]]);
      expect(answers(call, head)).toEqual(Object.fromEntries(wanted));
    }
    expect(answers(call, 'ground-truth')).toEqual({});
  });

  it('refuses examples that leave the aggregate no positive', async () => {
    const masked = examples.filter(({ id }) => !['trusted-positive', 'trusted-part-masked'].includes(id));
    await expect(fitSpied(exclusionFinetuning, {}, masked)).rejects.toThrow(
      /trusted examples with every measurement positive that exclusion-finetuning learns from/,
    );
  });
});

describe('ground-truth-finetuning', () => {
  it('trains the ground-truth head on untrusted all-positive examples', async () => {
    const { predictor } = await fitSpied(groundTruthFinetuning);
    const call = onlyCall(predictor.calls);
    expect(answers(call, 'ground-truth')).toEqual({ real: [1, 1], fake: [0, 1], 'fake-part-masked': [0, 1] });
    expect(answers(call, 'aggregate')).toEqual({});
  });

  it('scores by the ground-truth logit', async () => {
    const predictor = createSpyModel({ width: 1, logits: ([x = 0]) => [9, -x, 9, 9, 9] });
    const fitted = await fitOn(groundTruthFinetuning, examples, { context: contextOf(predictor) });
    expect([...(await fitted.score([{ id: 'a', text: '7' }]))]).toEqual([-7]);
  });
});

async function fitSpied<Options>(technique: Technique<Options>, options = {}, on = examples) {
  const [predictor, pretrained] = [createSpyModel({ width: 1 }), createSpyModel({ width: 1 })];
  await fitOn(technique, on, { options, context: contextOf(predictor, pretrained, 5) });
  return { predictor, pretrained };
}

function onlyCall(calls: readonly FinetuneCall[]): FinetuneCall {
  expect(calls).toHaveLength(1);
  return calls[0] as FinetuneCall;
}

/** [target, weight] of a head by example, masked ones left out. */
function answers(call: FinetuneCall, head: HeadId): Record<string, readonly number[]> {
  const cells = call.data.inputs.map(({ id }, row) => ({ id, ...cell(call, row, head) }));
  const counted = cells.filter(({ weight }) => weight > 0);
  return Object.fromEntries(counted.map(({ id, target, weight }) => [id, [target, Number(weight.toFixed(6))]]));
}

function example(trust: 'trusted' | 'untrusted', signs: string, groundTruth: boolean): Omit<Example, 'id'> {
  const measurements = [...signs].map((sign) => (sign === '?' ? null : sign === '+'));
  return { text: '0', trusted: trust === 'trusted', measurements, groundTruth };
}
