import { beforeAll, describe, expect, it } from 'vitest';
import { aggregateMeasurement, type Example } from '../../../src/core/examples.ts';
import { createRng } from '../../../src/core/random.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { apportion } from '../../../src/settings/apportion.ts';
import { blockSize, sampleBlock } from '../../../src/settings/diamond-vault/block.ts';
import { diamondVault } from '../../../src/settings/diamond-vault/diamond-vault.ts';
import { hardActions } from '../../../src/settings/diamond-vault/hard-actions.ts';
import { splitHardTemplates } from '../../../src/settings/diamond-vault/held-out.ts';
import { planSplits } from '../../../src/settings/diamond-vault/plan.ts';
import { fullText } from '../../../src/settings/diamond-vault/program.ts';
import type { VaultKind } from '../../../src/settings/diamond-vault/vault-source.ts';
import { settings } from '../../../src/settings/registry.ts';
import { loadSmall, measureAlone, programOf } from './support.ts';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadSmall();
});

const names = ['train', 'validation', 'validation-held-out', 'validation-held-out-only', 'validation-in-distribution'];
const bits = ({ measurements }: Example) => measurements.map(Number).join('');

describe('diamond-vault', () => {
  it('is registered under its id, with training first and the headline split next', () => {
    expect(settings['diamond-vault']).toBe(diamondVault);
    expect(Object.keys(dataset.splits)).toEqual(names);
    expect(dataset.measurementNames).toHaveLength(3);
  });

  it('has exactly the proportions of its options', () => {
    const counts = {
      'fake-positive': 16,
      'real-positive': 16,
      'all-negative': 4,
      inconsistent: 4,
      'trusted-positive': 8,
      'trusted-negative': 2,
    };
    expect(dataset.notes.counts).toEqual({
      train: {
        'fake-positive': 40,
        'real-positive': 160,
        'all-negative': 140,
        inconsistent: 60,
        'trusted-positive': 50,
        'trusted-negative': 50,
      },
      validation: counts,
      'validation-held-out': counts,
      'validation-held-out-only': counts,
      'validation-in-distribution': {
        'fake-positive': 4,
        'real-positive': 16,
        'all-negative': 14,
        inconsistent: 6,
        'trusted-positive': 5,
        'trusted-negative': 5,
      },
    });
    const patterns = dataset.splits.train.filter(({ trusted }) => !trusted).map(bits);
    for (const pattern of ['100', '010', '001', '110', '101', '011']) {
      expect(patterns.filter((other) => other === pattern)).toHaveLength(10);
    }
  });

  it('has no inconsistent and no fake example among the trusted', () => {
    const trusted = Object.values(dataset.splits)
      .flat()
      .filter((example) => example.trusted);
    expect(trusted.every((example) => aggregateMeasurement(example) === example.groundTruth)).toBe(true);
    expect(trusted.every((example) => ['000', '111'].includes(bits(example)))).toBe(true);
  });

  it('gives ground truth only to real positives, and counts the fake negatives it relabelled', () => {
    const all = Object.values(dataset.splits).flat();
    expect(all.filter(({ groundTruth }) => groundTruth).every(aggregateMeasurement)).toBe(true);
    const { dropped, relabelled, heldOut } = dataset.notes;
    expect(relabelled['diamond-with-negative-measurement']?.inconsistent).toBeGreaterThan(0);
    expect(dropped['positive-without-diamond']?.['real-positive']).toBeGreaterThan(0);
    expect(dropped['trusted-fake-negative']).toEqual({});
    expect(Object.keys(heldOut)).toEqual(['validation-held-out', 'validation-held-out-only']);
  });

  it('has ids and an order that are silent about the category', () => {
    for (const [split, examples] of Object.entries(dataset.splits)) {
      expect(examples.map(({ id }) => id)).toEqual(examples.map((_, i) => `${split}-${String(i).padStart(5, '0')}`));
    }
    const ranks = dataset.splits.train.flatMap(({ trusted }, i) => (trusted ? [i] : []));
    expect(ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length / 500).toBeCloseTo(0.5, 0);
    expect(Math.max(...ranks) - Math.min(...ranks)).toBeGreaterThan(400);
  });

  it('has no text twice in a split, nor in training and validation', () => {
    const train = new Set(dataset.splits.train.map(({ text }) => text));
    expect(train.size).toBe(500);
    for (const name of names.slice(1)) {
      const texts = (dataset.splits[name] ?? []).map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.filter((text) => train.has(text))).toEqual([]);
    }
  });

  it('groups examples by a hard template, of which the trusted have none', () => {
    expect(dataset.splits.train.filter(({ trusted }) => trusted).every(({ group }) => group === undefined)).toBe(true);
    expect(new Set(dataset.splits.train.map(({ group }) => group)).size).toBeGreaterThan(20);
  });

  it('is the same with one thread and with two, and another with another seed', async () => {
    const tiny = { trainExamples: 200, validationExamples: 40 };
    const text = JSON.stringify(await loadSmall(tiny, { threads: 1 }));
    expect(JSON.stringify(await loadSmall(tiny, { threads: 2 }))).toBe(text);
    expect(JSON.stringify(await loadSmall(tiny, { threads: 3 }))).toBe(text);
    expect(JSON.stringify(await loadSmall(tiny, { seed: 1 }))).not.toBe(text);
  });

  it('shows in full the program that was run, and in compact what varies of it', async () => {
    const { splits } = await loadSmall({ text: 'full' });
    for (const [name, examples] of Object.entries(splits)) {
      for (const [i, { text, measurements }] of examples.entries()) {
        expect(measureAlone(text)).toEqual(measurements);
        expect(fromCompact((dataset.splits[name] as readonly Example[])[i]?.text ?? '')).toBe(text);
      }
    }
  });

  it('hides every word when obfuscated, one code per word', async () => {
    const small = { text: 'full', trainExamples: 200, validationExamples: 20 } as const;
    const { splits } = await loadSmall({ ...small, obfuscated: true });
    const plain = await loadSmall(small);
    const codes = new Map<string, string>();
    for (const [i, { text }] of splits.train.entries()) {
      const words = (plain.splits.train[i] as Example).text.match(/[A-Za-z_]\w*/g) ?? [];
      const hidden = text.match(/[A-Za-z_]\w*/g) ?? [];
      expect(hidden).toHaveLength(words.length);
      for (const [j, word] of words.entries()) {
        expect(codes.get(word) ?? hidden[j]).toBe(hidden[j]);
        codes.set(word, hidden[j] as string);
      }
      expect(text).not.toMatch(/^ |Diamond|function|vault/m);
    }
    expect(new Set(codes.values()).size).toBe(codes.size);
    expect([...codes.values()].every((code) => /^[a-z]{1,2}$/.test(code))).toBe(true);
  });

  it('leaves out the held-out splits when nothing is held out', async () => {
    const { splits } = await loadSmall({ heldOutShare: 0, trainExamples: 50, validationExamples: 20 });
    expect(Object.keys(splits)).toEqual(['train', 'validation', 'validation-in-distribution']);
  });

  it('foresees what it will hold', async () => {
    const options = diamondVault.options.parse({ trainExamples: 500, validationExamples: 50 });
    const outlook = await diamondVault.outlook(options);
    expect(outlook).toMatchObject({ train: dataset.notes.counts.train, judged: 200 });
    expect(outlook.seconds).toBeGreaterThan(0);
  });

  it('tells how far it is, up to the total', async () => {
    const calls: [number, number, string][] = [];
    const options = diamondVault.options.parse({ trainExamples: 50, validationExamples: 10 });
    const progress = (...call: [number, number, string]) => void calls.push(call);
    await diamondVault.load(options, { seed: 0, threads: 1, progress, signal: new AbortController().signal });
    expect(calls.map(([done]) => done)).toEqual(Array.from({ length: 90 }, (_, i) => i + 1));
    expect(calls.at(-1)).toEqual([90, 90, 'examples']);
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    const options = diamondVault.options.parse({});
    const progress = () => controller.abort(new Error('stopped'));
    const loading = diamondVault.load(options, { seed: 0, threads: 2, progress, signal: controller.signal });
    await expect(loading).rejects.toThrow('stopped');
  });
});

describe('options', () => {
  it.each([
    [{ trainExamples: 0 }, 'trainExamples'],
    [{ text: 'long' }, 'text'],
    [{ fakePositiveShare: 0.5 }, 'fakePositiveShare'],
    [{ validationAllNegativeShare: 0.3 }, 'validationFakePositiveShare'],
    [{ heldOutShare: 0.9 }, 'heldOutShare'],
  ])('refuse %j, naming the key', (options, key) => {
    const { error } = diamondVault.options.safeParse(options);
    expect(error?.issues.map(({ path }) => path[0])).toContain(key);
  });

  it('refuse unknown keys', () => {
    expect(diamondVault.options.safeParse({ trainExample: 3 }).success).toBe(false);
  });
});

describe('held-out templates', () => {
  const { training, heldOut } = splitHardTemplates(0, 0.25);

  it('are a quarter of the hard ones, from each family, drawn per seed', () => {
    expect(heldOut).toHaveLength(Math.round(hardActions.length / 4));
    expect([...training, ...heldOut].sort()).toEqual(hardActions.map(({ id }) => id).sort());
    expect(new Set(hardActions.filter(({ id }) => heldOut.includes(id)).map(({ family }) => family)).size).toBe(11);
    expect(splitHardTemplates(1, 0.25).heldOut).not.toEqual(heldOut);
  });

  it('are kept out of training and validation, and used where promised', () => {
    const hard = new Set(hardActions.map(({ id }) => id));
    const options = diamondVault.options.parse({});
    for (const { split, parts } of planSplits(options, { training, heldOut })) {
      for (const { stream, quotas } of parts) {
        const { candidates } = sampleBlock({ seed: 0, stream, index: 0, wanted: [...quotas.keys()] });
        expect(candidates.length).toBeGreaterThan(10);
        expect(candidates.length).toBeLessThanOrEqual(blockSize);
        for (const { program } of candidates) {
          const used = program.templates.filter((id) => hard.has(id));
          const unseen = used.filter((id) => heldOut.includes(id));
          if (stream.trusted) expect(used).toEqual([]);
          else if (split === 'validation-held-out') expect(unseen.length).toBeGreaterThan(0);
          else if (split === 'validation-held-out-only') expect([unseen.length > 0, unseen]).toEqual([true, used]);
          else expect(unseen).toEqual([]);
        }
      }
    }
  });
});

it('no held-out statement stands in training or validation', () => {
  const { heldOut } = splitHardTemplates(0, 0.25);
  const rng = createRng(0, 'held-out-statements');
  const statements = hardActions
    .filter(({ id }) => heldOut.includes(id))
    .flatMap((action) => Array.from({ length: 50 }, () => action.write(rng)));
  const met = (split: string) => {
    const lines = new Set((dataset.splits[split] ?? []).flatMap(({ text }) => text.split('\n')));
    return statements.filter((statement) => lines.has(statement));
  };
  expect([met('train'), met('validation')]).toEqual([[], []]);
  expect(met('validation-held-out-only').length).toBeGreaterThan(50);
});

describe('apportion', () => {
  it('adds up to the total, as near to the shares as can be', () => {
    expect(
      apportion(20_000, [
        ['a', 0.1],
        ['b', 0.35],
        ['c', 0.55],
      ]),
    ).toEqual(
      new Map([
        ['a', 2000],
        ['b', 7000],
        ['c', 11_000],
      ]),
    );
    expect([
      ...apportion(10, [
        ['a', 1 / 3],
        ['b', 1 / 3],
        ['c', 1 / 3],
      ]).values(),
    ]).toEqual([4, 3, 3]);
    expect([
      ...apportion(1, [
        ['a', 0.4],
        ['b', 0.6],
      ]).values(),
    ]).toEqual([0, 1]);
  });
});

/** The full text that a compact text stands for. */
function fromCompact(text: string): string {
  const [first = '', , ...rest] = text.split('\n');
  const turn = rest.indexOf('robber:');
  return fullText(programOf(first.replace('v = ', '') as VaultKind, rest.slice(0, turn), rest.slice(turn + 1)));
}
