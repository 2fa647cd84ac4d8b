import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expected, TouchstoneError, UserError } from '../../core/errors.ts';
import type { Example } from '../../core/examples.ts';
import type { Dataset } from '../../core/settings.ts';
import type { FittedTechnique, ModelSize, Technique } from '../../core/techniques.ts';
import { createTrainingView, inputsOf } from '../../core/training-view.ts';
import { writeWhole } from '../../core/write-whole.ts';
import type { PretrainingConfig } from '../../models/config.ts';
import type { TokenizerConfig } from '../../models/tokenizer-training.ts';
import { techniques } from '../../techniques/registry.ts';
import { isPretrained } from '../model-config.ts';
import { type RecordedReadouts, withRecordedReadouts } from '../recorded-model.ts';
import type { StepContext, StepRunner } from '../step.ts';
import { readTable, writeTable } from '../tables.ts';
import { joinReadouts, loadReadouts } from './activations.ts';
import { judgedSplits, loadDataset } from './dataset.ts';
import { openPredictor, openPretrained, type PredictorConfig } from './measurement-predictor.ts';
import { createOwnModel, resized } from './pretraining.ts';
import { tokenizerOf } from './tokenizer.ts';

export interface TechniqueConfig extends PredictorConfig {
  readonly technique: keyof typeof techniques;
  readonly options: unknown;
  readonly pretraining: PretrainingConfig;
  /** What it refuses, e.g. too few examples of a class, is kept as its outcome instead of ending the run. */
  readonly mayRefuse?: boolean;
}

/** What a technique left behind: its scores on every judged split, and what it chose while fitting. */
export interface TechniqueArtifact {
  readonly scores: Readonly<Record<string, Float64Array>>;
  /** Scores of each random scorer of a control, by split. */
  readonly controls: Readonly<Record<string, readonly Float64Array[]>>;
  readonly details: Readonly<Record<string, unknown>>;
  /** Why it could not be fitted; there are no scores then. */
  readonly refused?: string;
}

/** Fits a technique on the training view and scores every judged split. Ground truth stops at the view. */
export const runTechnique: StepRunner<TechniqueConfig> = async (config, context) => {
  const technique = techniques[config.technique] as Technique;
  const dataset = await loadDataset(context.input('dataset'));
  const fitted = await fitTechnique(technique, dataset, config, context).catch((error: unknown) => {
    if (config.mayRefuse && error instanceof UserError) return error.message;
    throw error;
  });
  if (typeof fitted === 'string') return writeOutcome(context.directory, { splits: [], details: {}, refused: fitted });
  for (const split of judgedSplits(dataset)) {
    const examples = dataset.splits[split] as readonly Example[];
    const columns = await scoreColumns(technique, fitted, examples);
    await writeTable(join(context.directory, `${split}.parquet`), [
      { name: 'id', data: examples.map(({ id }) => id), type: 'STRING' },
      ...columns.map((data, k) => ({ name: k === 0 ? 'score' : `score-${k}`, data, type: 'DOUBLE' as const })),
    ]);
  }
  await writeOutcome(context.directory, { splits: judgedSplits(dataset), details: fitted.details ?? {} });
};

/** What stands beside the tables of scores. */
interface OutcomeFile {
  readonly splits: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly refused?: string;
}

async function writeOutcome(directory: string, outcome: OutcomeFile): Promise<void> {
  await writeWhole(join(directory, 'technique.json'), `${JSON.stringify(outcome, null, 2)}\n`);
}

export async function loadTechnique(directory: string): Promise<TechniqueArtifact> {
  const file = JSON.parse(await readFile(join(directory, 'technique.json'), 'utf8')) as OutcomeFile;
  const scores: Record<string, Float64Array> = {};
  const controls: Record<string, Float64Array[]> = {};
  for (const split of file.splits) {
    const rows = await readTable(join(directory, `${split}.parquet`));
    const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'id');
    const columns = names.map((name) => Float64Array.from(rows, (row) => row[name] as number));
    scores[split] = columns[0] ?? new Float64Array();
    if (columns.length > 1) controls[split] = columns;
  }
  return { scores, controls, details: file.details, ...(file.refused !== undefined && { refused: file.refused }) };
}

async function fitTechnique(technique: Technique, dataset: Dataset, config: TechniqueConfig, context: StepContext) {
  const directory = context.input('predictor');
  const recorded = await recordedReadouts(context.input('activations'), dataset);
  const predictor = withRecordedReadouts(recorded, () => openPredictor(directory, config, context));
  const open = () => openPretrained(directory, config, context);
  const pretrained = context.has('pretrained-activations')
    ? withRecordedReadouts(await recordedReadouts(context.input('pretrained-activations'), dataset), open)
    : await open();
  const view = createTrainingView(dataset.splits.train, dataset.measurementNames, {
    groundTruth: technique.needs.groundTruth === true,
    supervisorExamples: dataset.supervisorExamples,
  });
  const { seed } = config;
  const { progress, signal } = context;
  const createModel = (size: ModelSize) => createSized(size, dataset, config, context);
  return technique.fit(view, config.options, { seed, predictor, pretrained, createModel, progress, signal });
}

/** What was read out on all splits. */
async function recordedReadouts(directory: string, { splits }: Dataset): Promise<RecordedReadouts> {
  const parts = Object.entries(splits).map(([split, examples]) => {
    const texts = examples.map(({ text }) => text);
    return loadReadouts(directory, split, texts);
  });
  return joinReadouts(await Promise.all(parts));
}

/** A model of another size, made as the strong one was before it saw any supervision. */
async function createSized(size: ModelSize, dataset: Dataset, config: TechniqueConfig, context: StepContext) {
  const { model, pretraining } = config;
  if (isPretrained(model)) {
    const next = "Use a model of the project's own, without `source`.";
    throw expected('no-other-size', 'the strong model', 'one that comes in other sizes', model.source, next);
  }
  const { signal, progress } = context;
  const tokenizer = tokenizerOf(dataset, config.tokenizer as TokenizerConfig);
  const measurements = dataset.measurementNames.length;
  const options = { ...config, model: resized(model, size), tokenizer, measurements, signal };
  return createOwnModel(options, dataset, pretraining, progress);
}

async function scoreColumns(technique: Technique, fitted: FittedTechnique, examples: readonly Example[]) {
  const inputs = inputsOf(examples);
  const columns = (await fitted.scoreAll?.(inputs)) ?? [await fitted.score(inputs)];
  for (const scores of columns) {
    if (scores.length !== inputs.length || !scores.every(Number.isFinite)) {
      const got = scores.length !== inputs.length ? `${scores.length} scores` : 'a score that is not finite';
      const wanted = `Expected ${technique.id} to give one finite score for each of ${inputs.length} inputs`;
      throw new TouchstoneError('bad-scores', `${wanted}, got ${got}. Report this as a defect of the technique.`);
    }
  }
  return columns;
}
