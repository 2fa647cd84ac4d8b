/**
 * Generalization analogies (methods.md 9): preferences of one distribution are known, those of another are asked. Trusted
 * training examples come from the source; unlabelled ones from the reference, on which a ceiling is tuned.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { countBySplit } from '../../core/count-categories.ts';
import type { ContrastPair, Example } from '../../core/examples.ts';
import { createRng, type Rng } from '../../core/random.ts';
import type { Dataset, DatasetNotes, Setting, SettingContext } from '../../core/settings.ts';
import { outlookOf } from '../data-files/outlook-of.ts';
import { quietContext } from '../data-files/quiet-context.ts';
import { requireDirectory } from '../data-files/require-directory.ts';
import { createIntake, type Intake } from '../intake.ts';
import { unlabelledCategory } from '../unlabelled-category.ts';
import { type PreferenceItem, readDistribution } from './distribution.ts';

const id = z.string().regex(/^[\w.-]+$/, 'Expected the name of a folder');
const options = z.strictObject({
  distributions: z
    .string()
    .min(1)
    .describe('The directory that has a folder per distribution, or a dataset on the hub.'),
  revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
  source: id.describe('Distribution whose preferences are known.'),
  target: id.describe('Distribution that is judged.'),
  reference: id.optional().describe('Distribution that the ceiling is tuned on. Left out: the target.'),
});
type AnalogyOptions = z.output<typeof options>;

export const generalizationAnalogies: Setting<AnalogyOptions> = {
  id: 'generalization-analogies',
  title: 'Generalization analogies',
  source: 'methods.md 9; Clymer et al. 2023, "Generalization Analogies", arXiv 2311.07723',
  structures: ['trusted-subset', 'contrast-pairs'],
  options,
  files: ({ distributions, revision, source, target, reference = target }) => ({
    source: distributions,
    ...(revision !== undefined && { revision }),
    wants: (path) => {
      const [folder, file] = path.split(/[\\/]/).slice(-2);
      return [source, target, reference].includes(folder as string) && /^(train|test)\.json$/.test(file ?? '');
    },
  }),
  load,
  outlook: async (chosen, directory) => outlookOf(await load(chosen, quietContext(directory))),
  async sampleTexts(chosen, directory) {
    const { splits } = await load(chosen, quietContext(directory));
    return splits.train.slice(0, 100).map(({ text }) => text);
  },
};

type Preference = Omit<Example, 'id'>;

async function load(chosen: AnalogyOptions, context: SettingContext): Promise<Dataset> {
  const { source, target, reference = target } = chosen;
  const { seed, signal, progress } = context;
  const directory = requireDirectory(context.directory);
  const intake = createIntake({ drop: [], relabel: [] });
  const read = async (distribution: string, part: 'train' | 'test', split: string) => {
    signal.throwIfAborted();
    const items = await readDistribution(join(directory, distribution, `${part}.json`));
    return items.filter(entering(intake, split));
  };
  const rng = createRng(seed, 'generalization-analogies', source, target, reference);
  const known = trainingPreferences(await read(source, 'train', 'train'), source, rng, true);
  const unknown =
    reference === source ? [] : trainingPreferences(await read(reference, 'train', 'train'), reference, rng, false);
  const judged = async (distribution: string, split: string) =>
    (await read(distribution, 'test', split)).flatMap((item, i) =>
      testPreferences(item, distribution, rng).map((preference) => ({ ...preference, group: `${split}-prompt-${i}` })),
    );
  const splits = {
    train: asExamples('train', rng.shuffle([...known, ...unknown])),
    target: asExamples('target', rng.shuffle(await judged(target, 'target'))),
    ...(source !== target && { source: asExamples('source', rng.shuffle(await judged(source, 'source'))) }),
  };
  const total = Object.values(splits).flat().length;
  progress(total, total, 'preferences');
  const { dropped, relabelled } = intake;
  return {
    setting: generalizationAnalogies.id,
    seed,
    measurementNames: ['preferred'],
    splits,
    notes: { counts: countBySplit(splits), dropped, relabelled, heldOut: heldOutIn(source, target, reference) },
  };
}

/** Items whose prompt is new to the split and, if it is judged, to training. */
function entering(intake: Intake, split: string): (item: PreferenceItem) => boolean {
  return ({ prompt }) => intake.enters(split, prompt, unlabelledCategory(false));
}

/** Of each item the best response against one of the worse ones. */
function trainingPreferences(
  items: readonly PreferenceItem[],
  distribution: string,
  rng: Rng,
  isKnown: boolean,
): Preference[] {
  return items.map((item) => preferenceOf(item, rng.choice(item.worse), distribution, rng, isKnown));
}

/** Of each item the best response against every worse one. */
function testPreferences(item: PreferenceItem, distribution: string, rng: Rng): Preference[] {
  return item.worse.map((worse) => preferenceOf(item, worse, distribution, rng, false));
}

function preferenceOf(
  { prompt, best }: PreferenceItem,
  worse: string,
  kind: string,
  rng: Rng,
  isKnown: boolean,
): Preference {
  const groundTruth = rng.chance(0.5);
  const [negative, positive] = groundTruth ? [worse, best] : [best, worse];
  const pair: ContrastPair = { prompt, negative, positive };
  const supervision = { measurements: [isKnown ? groundTruth : null], trusted: isKnown };
  return { text: prompt + positive, pairs: [pair], ...supervision, groundTruth, kind };
}

function asExamples(split: string, preferences: readonly Preference[]): Example[] {
  return preferences.map((preference, i) => ({ ...preference, id: `${split}-${String(i).padStart(5, '0')}` }));
}

function heldOutIn(source: string, target: string, reference: string): DatasetNotes['heldOut'] {
  return target === source || target === reference ? {} : { target: 'distributions' };
}
