import type { Input } from '../../core/examples.ts';
import type { ObservedCategory } from '../../core/own-data.ts';
import type { Technique } from '../../core/techniques.ts';
import { type Chosen, nameOf } from '../../experiments/run-config.ts';
import { type TechniqueId, techniques } from '../../techniques/registry.ts';
import type { DetectorConfig } from '../detection-config.ts';

/** A technique with its options, by the name it has in the record. */
export interface ChosenTechnique {
  readonly name: string;
  readonly technique: Technique;
  readonly options: unknown;
}

export interface TechniqueChoice {
  /** The first one sets the alarm. */
  readonly techniques: readonly ChosenTechnique[];
  /** Why that one, in a sentence or two. */
  readonly reason: string;
  /** Whether the first two answer one question, so that it is measured which of them sets the alarm. */
  readonly contested?: true;
}

/** What of some data the choice may look at. */
export interface SeenStructure {
  /** Measurements per example. */
  readonly measurements: number;
  readonly counts: Readonly<Record<ObservedCategory, number>>;
  /** Whether the examples have texts with words in them. */
  readonly words: boolean;
}

/** Fewer inconsistent examples say too little of what failed tampering looks like. */
const leastInconsistent = 20;
const leastTrusted = 20;

/**
 * The techniques of a config; for `auto` those that the structure of the data allows, by what docs/results.md found. No
 * score and no ground truth has a say.
 */
export function chooseTechniques(
  wanted: DetectorConfig['techniques'],
  { measurements, counts, words }: SeenStructure,
): TechniqueChoice {
  if (wanted !== 'auto') return { techniques: wanted.map(opened), reason: 'The config names it.' };
  const inconsistent = counts['untrusted-inconsistent'];
  const trusted = counts['trusted-positive'] + counts['trusted-inconsistent'] + counts['trusted-negative'];
  const evidence = measurements >= 2 && inconsistent >= leastInconsistent && trusted >= leastTrusted;
  const distance = automatic('mahalanobis');
  if (!evidence) return { techniques: [distance], reason: distanceReason(measurements, inconsistent, trusted) };
  const probe = automatic('evidence-probe');
  const reason = evidenceReason(inconsistent);
  if (!words) return { techniques: [probe, distance], reason };
  return { techniques: [probe, automatic('surface-baseline'), distance], reason, contested: true };
}

/** Whether texts have words to look up: letters, in at least half of them. */
export function haveWords(inputs: readonly Pick<Input, 'text'>[]): boolean {
  return 2 * inputs.filter(({ text }) => /\p{L}/u.test(text)).length >= inputs.length;
}

function evidenceReason(inconsistent: number): string {
  return (
    `There are ${inconsistent} untrusted examples whose measurements disagree, which shows what failed tampering looks like; to tell ` +
    'trusted examples from these is what was learned. It finds tampering that resembles what failed; the distance to trusted ' +
    'positives, in a further column, does not depend on that.'
  );
}

function distanceReason(measurements: number, inconsistent: number, trusted: number): string {
  const lack =
    measurements < 2
      ? 'there is one measurement, so none can disagree'
      : inconsistent < leastInconsistent
        ? `only ${inconsistent} untrusted examples have measurements that disagree (${leastInconsistent} are wanted)`
        : `only ${trusted} examples are trusted (${leastTrusted} are wanted)`;
  return (
    `For want of evidence of failed tampering (${lack}) it is the distance to trusted positives. Anything that trusted positives ` +
    'do not have is suspicious to it, a new topic as much as tampering.'
  );
}

/**
 * Few examples for the width of a model want a shrunk covariance, and few for the number of words a strong penalty: weaker
 * ones take most of the time and are for tens of thousands of texts.
 */
const automaticOptions: Partial<Record<TechniqueId, unknown>> = {
  mahalanobis: { shrinkage: 'ledoit-wolf' },
  'surface-baseline': { l2: [1e-2, 1e-3] },
};

function automatic(id: TechniqueId): ChosenTechnique {
  const technique = techniques[id] as Technique;
  return opened({ id, options: technique.options.parse(automaticOptions[id] ?? {}) });
}

/** @throws RangeError for an id that the registry lacks. */
function opened(chosen: Chosen<TechniqueId>): ChosenTechnique {
  const technique = techniques[chosen.id] as Technique | undefined;
  if (technique === undefined) throw new RangeError(`no technique "${chosen.id}"`);
  return { name: nameOf(chosen), technique, options: chosen.options };
}
