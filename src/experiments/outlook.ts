import type { Category } from '../core/examples.ts';
import type { Setting, SettingOutlook } from '../core/settings.ts';
import type { Technique } from '../core/techniques.ts';
import { estimateReading, estimateTraining } from '../models/estimate.ts';
import { createDecoder } from '../models/transformer.ts';
import { settings } from '../settings/registry.ts';
import { techniques } from '../techniques/registry.ts';
import type { RunConfig } from './config.ts';
import type { Plan, SeedPlan } from './plan.ts';
import type { StepSpec } from './step.ts';
import type { Store } from './store.ts';

/** What a step is expected to take; `seconds` is 0 where the store has it already. */
export interface StepOutlook {
  readonly label: string;
  readonly done: boolean;
  readonly seconds: number;
}

export interface RunOutlook {
  readonly steps: readonly StepOutlook[];
  readonly seconds: number;
  /** Peak memory of the process. */
  readonly bytes: number;
}

/** Probes and reading artifacts, in seconds per step; measured with the default preset. */
const smallStepSeconds = 3;
/** Judging one seed, its bootstraps above all. */
const metricsSeconds = 16;

/** Expected time and memory of a run, without doing any of it; on a machine like that of docs/performance.md. */
export async function foresee(config: RunConfig, plan: Plan, store: Store): Promise<RunOutlook> {
  const expected = plan.seeds.flatMap((seed) => foreseeSeed(config, seed));
  const metrics = plan.metrics.map((step) => ({ step, seconds: metricsSeconds * config.seeds.length, bytes: 0 }));
  const steps = await Promise.all(
    [...expected, ...metrics].map(async ({ step, seconds }) => {
      const done = (await store.find(step.kind, step.key)) !== undefined;
      return { label: step.label, done, seconds: done ? 0 : seconds };
    }),
  );
  return {
    steps,
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    bytes: Math.max(...expected.map(({ bytes }) => bytes)),
  };
}

interface Expected {
  readonly step: StepSpec;
  readonly seconds: number;
  readonly bytes: number;
}

function foreseeSeed(config: RunConfig, seed: SeedPlan): Expected[] {
  const { options } = config.settings.find(({ id }) => id === seed.setting) as RunConfig['settings'][number];
  const setting = settings[seed.setting as keyof typeof settings] as Setting;
  const outlook = limitedTo(setting.outlook(options), config.limit);
  const train = total(outlook.train);
  const predictor = trainingOutlook(config, outlook, train, config.training.epochs);
  const readout = readingOutlook(config, outlook, train + outlook.judged);
  return [
    { step: seed.dataset, seconds: outlook.seconds / config.threads, bytes: 0 },
    { step: seed.predictor, ...predictor },
    { step: seed.activations, ...readout },
    ...seed.techniques.map((step) => ({ step, ...techniqueOutlook(config, step, outlook) })),
  ];
}

function techniqueOutlook(config: RunConfig, step: StepSpec, outlook: SettingOutlook) {
  const technique = techniques[step.config.technique as keyof typeof techniques] as Technique;
  const { finetunesOn } = technique;
  const epochs = (step.config.options as { epochs?: number }).epochs;
  if (finetunesOn === undefined || epochs === undefined) return { seconds: smallStepSeconds, bytes: 0 };
  const examples = total(Object.fromEntries(finetunesOn.map((category) => [category, outlook.train[category] ?? 0])));
  const trained = trainingOutlook(config, outlook, examples, epochs);
  const scored = readingOutlook(config, outlook, outlook.judged);
  return { seconds: trained.seconds + scored.seconds, bytes: trained.bytes };
}

function trainingOutlook(config: RunConfig, outlook: SettingOutlook, examples: number, epochs: number) {
  return estimateTraining({ ...workOf(config, outlook), examples, epochs });
}

function readingOutlook(config: RunConfig, outlook: SettingOutlook, examples: number) {
  return estimateReading({ ...workOf(config, outlook), examples });
}

/** The model of a run; three measurements, as good as any number here. */
function workOf({ model, tokenizer, training, threads }: RunConfig, { meanTokens }: SettingOutlook) {
  const network = createDecoder({ ...model, vocabulary: tokenizer.vocabulary });
  return { network, heads: 5, training, meanTokens, threads };
}

function limitedTo(outlook: SettingOutlook, limit: number): SettingOutlook {
  const share = limit === 0 ? 1 : Math.min(1, limit / total(outlook.train));
  const train = Object.fromEntries(Object.entries(outlook.train).map(([category, count]) => [category, count * share]));
  return { ...outlook, train, judged: outlook.judged * (limit === 0 ? 1 : share) };
}

function total(counts: Readonly<Partial<Record<Category, number>>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
