/**
 * Diamond in a vault (methods.md 11.4): short JavaScript programs in which a protector and a robber act on a vault. The
 * measurements come from running each program's text; the ground truth is whether the real diamond is still there.
 */
import { countBySplit } from '../../core/count-categories.ts';
import type { Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, DatasetNotes, Progress, Setting, SettingContext } from '../../core/settings.ts';
import { shownStructures } from '../shown-structures.ts';
import { createAdmission } from './admission.ts';
import { type BlockRequest, sampleBlock } from './block.ts';
import { type BlockPool, createBlockPool } from './block-pool.ts';
import { type Entry, fillSplit } from './generate.ts';
import { hardActions } from './hard-actions.ts';
import { splitHardTemplates } from './held-out.ts';
import { obfuscate } from './obfuscate.ts';
import { type DiamondVaultOptions, diamondVaultOptions } from './options.ts';
import { outlookOf } from './outlook.ts';
import { planSplits, type SplitPlan } from './plan.ts';
import { compactText, fullText, type Program } from './program.ts';
import { allMeasurementNames } from './vault-source.ts';

export const diamondVault: Setting<DiamondVaultOptions> = {
  id: 'diamond-vault',
  title: 'Diamond in a vault',
  source: 'methods.md 11.4; Roger et al. 2023, "Benchmarks for Detecting Measurement Tampering", arXiv 2308.15605',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'],
  options: diamondVaultOptions,
  load,
  offers: (options) => shownStructures(diamondVault.structures, outlookOf(options).train),
  outlook: outlookOf,
  sampleTexts,
};

async function load(options: DiamondVaultOptions, context: SettingContext): Promise<Dataset> {
  context.signal.throwIfAborted();
  const pool = createBlockPool(Math.max(1, context.threads));
  try {
    return await generate(options, context, pool);
  } finally {
    await pool.close();
  }
}

async function generate(options: DiamondVaultOptions, context: SettingContext, pool: BlockPool): Promise<Dataset> {
  const { seed } = context;
  const hard = splitHardTemplates(seed, options.heldOutShare);
  const plans = planSplits(options, hard);
  const admission = createAdmission();
  const progress = countUp(plans, context.progress);
  const groupOf = createGrouping(seed);
  const splits: Record<string, readonly Example[]> = {};
  for (const plan of plans) {
    const entries = await fillSplit(plan, { seed, pool, signal: context.signal, admission, progress });
    splits[plan.split] = createRng(seed, 'diamond-vault', plan.split, 'order')
      .shuffle(entries)
      .map((entry, i) => exampleOf(entry, `${plan.split}-${String(i).padStart(5, '0')}`, options, groupOf));
  }
  return {
    setting: diamondVault.id,
    seed,
    measurementNames: allMeasurementNames.slice(0, options.measurements),
    splits: splits as Dataset['splits'],
    notes: {
      counts: countBySplit(splits),
      dropped: admission.dropped,
      relabelled: admission.relabelled,
      heldOut: heldOutIn(splits),
    },
  };
}

/** Reports examples accepted so far, over all splits. */
function countUp(plans: readonly SplitPlan[], progress: Progress): () => void {
  const wanted = plans.flatMap(({ parts }) => parts.flatMap(({ quotas }) => [...quotas.values()]));
  const total = wanted.reduce((sum, count) => sum + count, 0);
  let done = 0;
  return () => progress(++done, total, 'examples');
}

function exampleOf({ candidate, trusted }: Entry, id: string, options: DiamondVaultOptions, groupOf: GroupOf): Example {
  const { program, measurements, outcome } = candidate;
  const group = groupOf(program);
  return {
    id,
    text: textOf(program, options),
    measurements,
    trusted,
    // A fake negative counts as not an outcome, so only real positives are left.
    groundTruth: outcome === 'real-positive',
    ...(group === undefined ? {} : { group }),
  };
}

function textOf(program: Program, { text, obfuscated, measurements }: DiamondVaultOptions): string {
  const plain = text === 'full' ? fullText(program, measurements) : compactText(program);
  return obfuscated ? obfuscate(plain) : plain;
}

/** A small training split, made in this thread. */
async function sampleTexts(options: DiamondVaultOptions): Promise<string[]> {
  const hard = splitHardTemplates(0, options.heldOutShare);
  const [train] = planSplits({ ...options, trainExamples: 100 }, hard) as [SplitPlan, ...SplitPlan[]];
  const pool = { threads: 1, sample: async (request: BlockRequest) => sampleBlock(request), close: async () => {} };
  const { signal } = new AbortController();
  const filling = { seed: 0, pool, signal, admission: createAdmission(), progress: () => {} };
  const entries = await fillSplit(train, filling);
  return entries.map(({ candidate }) => textOf(candidate.program, options));
}

type GroupOf = (program: Program) => string | undefined;

/** A program's group is its hard template that comes first in a random order of the seed; without one it has none. */
function createGrouping(seed: number): GroupOf {
  const order = createRng(seed, 'diamond-vault', 'groups').shuffle(hardActions.map(({ id }) => id));
  const rank = new Map(order.map((id, i) => [id, i]));
  return ({ templates }) =>
    templates.filter((id) => rank.has(id)).sort((a, b) => (rank.get(a) as number) - (rank.get(b) as number))[0];
}

/** What is held out, by the splits that there are. */
function heldOutIn(splits: Readonly<Record<string, unknown>>): DatasetNotes['heldOut'] {
  const names = Object.keys(splits).filter((split) => split.startsWith('validation-held-out'));
  return Object.fromEntries(names.map((split) => [split, 'hard templates']));
}
