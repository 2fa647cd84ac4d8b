import type { Category } from '../core/examples.ts';
import type { Setting, SettingOutlook } from '../core/settings.ts';
import type { Technique } from '../core/techniques.ts';
import { estimateReading, estimateTraining } from '../models/estimate.ts';
import type { Network } from '../models/network.ts';
import { openPretrained } from '../models/pretrained.ts';
import { tokenizerConfig } from '../models/tokenizer-training.ts';
import { createDecoder } from '../models/transformer.ts';
import { settings } from '../settings/registry.ts';
import { techniques } from '../techniques/registry.ts';
import { dataName } from './data-name.ts';
import { isPretrained } from './model-config.ts';
import type { Plan, SeedPlan } from './plan.ts';
import { nameOf, type RunConfig } from './run-config.ts';
import { configOn } from './setting-parts.ts';
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

/** Reading artifacts and a probe on each layer, in seconds per step; the second grows with the square of the width. */
const smallStepSeconds = 3;
const probeSecondsPerLayer = { width: 384, seconds: 1.2 };
/** A setting does not say how many it has before it is loaded. */
const foreseenMeasurements = 3;
/** Judging one seed, its bootstraps above all; measured with four splits and 30 techniques. */
const metricsSeconds = { judged: 12_000, techniques: 30, seconds: 13 };

/**
 * Expected time and memory of a run, without doing any of it; on a machine like that of docs/performance.md. Of a
 * pretrained model the headers are read and a hundred texts are encoded.
 */
export async function foresee(plan: Plan, store: Store, paths: Paths = {}): Promise<RunOutlook> {
  const expected = new Map<string, Omit<Expected, 'step'>>();
  let readouts = 0;
  for (const { config, seeds, metrics } of plan.points) {
    for (const setting of config.settings) {
      const name = nameOf(setting);
      const own = configOn(config, setting);
      const work = await workOn(own, paths);
      for (const seed of seeds.filter((one) => one.setting === name)) {
        for (const { step, ...one } of foreseeSeed(own, seed, work)) expected.set(step.key, one);
      }
      for (const step of metrics.filter((one) => one.config.setting === name)) {
        expected.set(step.key, { seconds: judgingSeconds(own, work), bytes: 0 });
      }
      readouts = Math.max(readouts, readoutBytes(work));
    }
  }
  const steps = await Promise.all(
    plan.steps.map(async ({ kind, key, label }) => {
      const done = (await store.find(kind, key)) !== undefined;
      return { label, done, seconds: done ? 0 : (expected.get(key)?.seconds ?? 0) };
    }),
  );
  return {
    steps,
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    bytes: Math.max(...[...expected.values()].map(({ bytes }) => bytes)) + readouts,
  };
}

function judgingSeconds(config: RunConfig, { outlook: { judged } }: Work): number {
  const size = (judged / metricsSeconds.judged) * (config.techniques.length / metricsSeconds.techniques);
  return Math.max(1, metricsSeconds.seconds * size * config.seeds.length);
}

/** Where the files are that a run reads. */
export interface Paths {
  readonly modelPath?: string | undefined;
  readonly dataPaths?: ReadonlyMap<string, string> | undefined;
}

/** What the model computes on the texts of one setting. */
interface Work {
  readonly network: Network;
  readonly meanTokens: number;
  /** Token counts of some texts, of a pretrained model. */
  readonly texts?: readonly number[];
  readonly outlook: SettingOutlook;
}

/** Recorded read-outs of all texts are held twice, once by split and once joined. */
function readoutBytes({ network, outlook }: Work): number {
  return 2 * 4 * network.width * (network.layers + 1) * (total(outlook.train) + outlook.judged);
}

/** On the one setting of a config. */
async function workOn(config: RunConfig, paths: Paths): Promise<Work> {
  const { model, tokenizer, limit } = config;
  const [{ id, options }] = config.settings as [RunConfig['settings'][number]];
  const setting = settings[id] as Setting;
  const source = setting.files?.(options, config.seeds[0] as number);
  const directory = source && paths.dataPaths?.get(dataName(source));
  const outlook = limitedTo(await setting.outlook(options, directory), limit);
  if (!isPretrained(model)) {
    const network = createDecoder({ ...model, vocabulary: tokenizer?.vocabulary ?? 0 });
    return { network, meanTokens: outlook.meanTokens, outlook };
  }
  const { modelPath } = paths;
  if (modelPath === undefined) throw new Error('Expected the run to have a modelPath, got none.');
  const { network, tokenizer: own } = await openPretrained(modelPath, model);
  const texts = await setting.sampleTexts(options, directory);
  const lengths = texts.map((text) => Math.min(network.maxTokens, own.encode(text).length));
  const meanTokens = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return { network, meanTokens, texts: lengths, outlook };
}

interface Expected {
  readonly step: StepSpec;
  readonly seconds: number;
  readonly bytes: number;
}

function foreseeSeed(config: RunConfig, seed: SeedPlan, work: Work): Expected[] {
  const { outlook } = work;
  const train = total(outlook.train);
  const predictor = trainingOutlook(config, work, train, config.training.epochs);
  const { crowded } = predictor;
  const readout = {
    seconds: readingOutlook(config, work, train, crowded).seconds + judgedSeconds(config, work, crowded),
    bytes: 0,
  };
  const dataset = seed.steps[0] as StepSpec;
  const supervisor = seed.dataset === dataset ? [] : [{ step: seed.dataset, ...supervisorOutlook(config, work) }];
  const pretraining = seed.steps.find(({ kind }) => kind === 'pretraining');
  return [
    { step: dataset, seconds: outlook.seconds / config.threads, bytes: 0 },
    ...supervisor,
    ...(pretraining ? [{ step: pretraining, ...pretrainingOutlook(config, work) }] : []),
    { step: seed.predictor, ...predictor },
    { step: seed.activations, ...readout },
    ...(seed.pretrainedActivations ? [{ step: seed.pretrainedActivations, ...readout }] : []),
    ...seed.techniques.map(({ step }) => ({ step, ...techniqueOutlook(config, step, work, crowded) })),
  ];
}

function techniqueOutlook(config: RunConfig, step: StepSpec, work: Work, crowded: boolean) {
  const { outlook, network } = work;
  const technique = techniques[step.config.technique as keyof typeof techniques] as Technique;
  const once = technique.finetunesOn && [technique.finetunesOn];
  const finetunings = technique.finetunings?.(step.config.options, foreseenMeasurements) ?? once;
  const { epochs = config.finetuning.epochs } = step.config.options as { epochs?: number };
  if (finetunings === undefined) {
    // Only what chooses a layer by cross-validation fits a probe on each.
    const layers = 'folds' in (step.config.options as object) ? network.layers + 1 : 0;
    const perLayer = probeSecondsPerLayer.seconds * (network.width / probeSecondsPerLayer.width) ** 2;
    return { seconds: smallStepSeconds + perLayer * layers, bytes: 0 };
  }
  const trained = finetunings.map((on) => {
    const examples = total(Object.fromEntries(on.map((category) => [category, outlook.train[category] ?? 0])));
    return trainingOutlook(config, work, examples, epochs, crowded);
  });
  const training = trained.reduce((sum, { seconds }) => sum + seconds, 0);
  const judging = trained.length * judgedSeconds(config, work, crowded);
  return { seconds: training + judging, bytes: Math.max(...trained.map(({ bytes }) => bytes)) };
}

/** A supervisor reads as many examples as it learns from, and labels all. */
function supervisorOutlook(config: RunConfig, work: Work) {
  const { model, epochs, pretraining, count, examples: most } = config.supervisor;
  const { outlook } = work;
  const { supervisorExamples = 0, train, judged, meanTokens } = outlook;
  const { vocabulary } = config.tokenizer ?? tokenizerConfig.parse({});
  const small = { network: createDecoder({ ...model, vocabulary }), meanTokens, outlook };
  const own = { ...config, pretraining, training: { ...config.training, trainable: 'full' as const } };
  const learned = most === 0 ? supervisorExamples : Math.min(supervisorExamples, count * most);
  const learning = trainingOutlook(own, small, learned, epochs);
  const reading = count * readingOutlook(own, small, total(train) + judged, false).seconds;
  const before = count * pretrainingOutlook(own, small).seconds;
  return { seconds: learning.seconds + reading + before, bytes: learning.bytes };
}

function pretrainingOutlook({ pretraining, ...config }: RunConfig, work: Work) {
  const { epochs, batchSize } = pretraining;
  const { corpus = 0 } = work.outlook;
  const training = { ...config.training, batchSize, nextTokenWeight: 1, trainable: 'full' as const };
  return estimateTraining({ ...sizeOf({ ...config, training }, work), examples: corpus, epochs });
}

function trainingOutlook(config: RunConfig, work: Work, examples: number, epochs: number, crowded = false) {
  return estimateTraining({ ...sizeOf(config, work), examples, epochs, crowded });
}

function readingOutlook(config: RunConfig, work: Work, examples: number, crowded: boolean) {
  return estimateReading({ ...sizeOf(config, work), examples, crowded });
}

/** Each judged split is read by itself, in batches of its own. */
function judgedSeconds(config: RunConfig, work: Work, crowded: boolean): number {
  const { judged, judgedSplits } = work.outlook;
  return judgedSplits * readingOutlook(config, work, judged / judgedSplits, crowded).seconds;
}

/** Heads as of three measurements: how many there are hardly changes time or memory. */
function sizeOf({ training, threads }: Pick<RunConfig, 'training' | 'threads'>, { network, meanTokens, texts }: Work) {
  return { network, heads: 2 + foreseenMeasurements, training, meanTokens, threads, ...(texts && { texts }) };
}

function limitedTo(outlook: SettingOutlook, limit: number): SettingOutlook {
  if (limit === 0) return outlook;
  const share = Math.min(1, limit / total(outlook.train));
  const train = Object.fromEntries(Object.entries(outlook.train).map(([category, count]) => [category, count * share]));
  const { judged, judgedSplits, supervisorExamples = 0 } = outlook;
  return {
    ...outlook,
    train,
    supervisorExamples: Math.min(limit, supervisorExamples),
    judged: judgedSplits * Math.min(limit, judged / judgedSplits),
  };
}

function total(counts: Readonly<Partial<Record<Category, number>>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
