import { describe, expect, it } from 'vitest';
import { categories, type Example } from '../../src/core/examples.ts';
import { createTrainingView } from '../../src/core/training-view.ts';
import { evidenceFinetuning } from '../../src/techniques/evidence-finetuning.ts';
import { evidenceProbe } from '../../src/techniques/evidence-probe.ts';
import { type EvidenceOptions, evidenceOptions, evidenceTask } from '../../src/techniques/shared/evidence-task.ts';
import { textOf } from './fake-model.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

/** + positive, - negative, ? masked; trusted unless the name says otherwise. */
const plain: readonly Example[] = [
  example('trusted-positive', '+++', true),
  example('trusted-inconsistent', '+-+', true),
  example('trusted-masked', '???', true),
  example('doubtful', '+++', false),
  example('inconsistent', '+-?', false),
  example('all-negative', '--?', false),
  example('masked', '???', false),
];
/** o: evidence overall, i: on a single measurement only, n: none; the others were not judged. */
const judgements: Readonly<Record<string, 'o' | 'i' | 'n'>> = {
  'trusted-positive': 'o',
  doubtful: 'o',
  inconsistent: 'i',
  'all-negative': 'n',
};
const judged = plain.map((each): Example => {
  const word = judgements[each.id];
  if (word === undefined) return each;
  return { ...each, tamperEvidence: { overall: word === 'o', individual: [word === 'i', null, false] } };
});
const trusted = { 'trusted-positive': true, 'trusted-inconsistent': true, 'trusted-masked': true };

describe('the evidence question, evidence being inconsistency', () => {
  it.each<[EvidenceOptions['examples'], object]>([
    ['trusted-and-inconsistent', { inconsistent: false }],
    ['any-evidence', { inconsistent: false }],
    ['trusted-and-negatives', { inconsistent: false, 'all-negative': true }],
    ['all', { inconsistent: false, 'all-negative': true, doubtful: true }],
  ])('asks about %s', (examples, untrusted) => {
    expect(answers(plain, { examples })).toEqual({ ...trusted, ...untrusted });
    expect(answers(judged, { examples, evidence: 'inconsistency' })).toEqual({ ...trusted, ...untrusted });
  });

  it('is the default, as in the published technique', () => {
    expect(answers(plain)).toEqual({ ...trusted, inconsistent: false });
    expect(evidenceProbe.options.parse({})).toMatchObject(evidenceOptions.parse({}));
    expect(evidenceFinetuning.options.parse({})).toMatchObject(evidenceOptions.parse({}));
  });
});

describe('the evidence question, evidence being a judge’s word', () => {
  it.each<[EvidenceOptions['examples'], object]>([
    ['trusted-and-inconsistent', { doubtful: false }],
    ['any-evidence', { doubtful: false, inconsistent: false }],
    ['trusted-and-negatives', { inconsistent: true, 'all-negative': true }],
    ['all', { doubtful: false, inconsistent: true, 'all-negative': true }],
  ])('asks about %s', (examples, untrusted) => {
    expect(answers(judged, { examples })).toEqual({ ...trusted, ...untrusted });
    expect(answers(judged, { examples, evidence: 'judge' })).toEqual({ ...trusted, ...untrusted });
  });

  it('refuses to make do with inconsistency where no judge spoke', () => {
    expect(() => answers(plain, { evidence: 'judge' })).toThrow(/evidence-probe needs the structure "tamper-evidence"/);
  });

  it('names what is missing when no judge saw anything', async () => {
    const silent = judged.map((each) => ({ ...each, ...(each.tamperEvidence && { tamperEvidence: nothing }) }));
    const refusal = fitOn(evidenceProbe, silent, { context: contextOf(createSpyModel({ width: 1 })) });
    await expect(refusal).rejects.toThrow(/number of untrusted examples with tamper evidence that evidence-probe/);
  });
});

describe('techniques with the evidence question', () => {
  // The first feature is evidence, the second marks consistent untrusted examples.
  const planted = Array.from({ length: 10 }, () => [
    { ...example('', '+++', true), text: textOf([0, 0]) },
    { ...example('', '+-+', false), text: textOf([1, 0]) },
    { ...example('', '---', false), text: textOf([0, 1]) },
  ])
    .flat()
    .map((each, i) => ({ ...each, id: `example-${i}` }));

  it('hand their options on to it', async () => {
    const context = contextOf(createSpyModel({ width: 2 }));
    const seen = async (options: object) => {
      const { score, details } = await fitOn(evidenceProbe, planted, { context, options: { l2: [0.01], ...options } });
      const [none = 0, marked = 0] = await score(['0 0', '0 1'].map((text) => ({ id: 'probe', text })));
      return { moved: Math.abs(marked - none) > 0.01, examples: details?.examples };
    };
    expect(await seen({})).toEqual({ moved: false, examples: 20 });
    expect(await seen({ examples: 'all' })).toEqual({ moved: true, examples: 30 });
    const predictor = createSpyModel({ width: 2 });
    await fitOn(evidenceFinetuning, planted, { context: contextOf(predictor), options: { examples: 'all' } });
    expect(predictor.calls[0]?.data.inputs).toHaveLength(30);
  });

  it('foresee the categories they finetune on', () => {
    const on = (options: object) =>
      evidenceFinetuning.finetunings?.(evidenceFinetuning.options.parse(options), 3) as unknown;
    expect(on({})).toEqual([evidenceFinetuning.finetunesOn]);
    expect(on({ examples: 'trusted-and-negatives' })).toEqual([
      [...(evidenceFinetuning.finetunesOn ?? []), 'all-negative'],
    ]);
    expect(on({ examples: 'all' })).toEqual([categories]);
    expect(on({ evidence: 'judge' })).toEqual([categories]);
  });
});

const nothing = { overall: false, individual: [false, false, false] };

function answers(examples: readonly Example[], options: Partial<EvidenceOptions> = {}): Record<string, boolean> {
  const view = createTrainingView(examples, ['a', 'b', 'c'], { groundTruth: false });
  const task = evidenceTask('evidence-probe', view, evidenceOptions.parse(options));
  return Object.fromEntries(task.examples.map(({ id }, i) => [id, task.targets[i] as boolean]));
}

function example(id: string, signs: string, isTrusted: boolean): Example {
  const measurements = [...signs].map((sign) => (sign === '?' ? null : sign === '+'));
  return { id, text: '0', trusted: isTrusted, measurements, groundTruth: false };
}
