import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TouchstoneError } from '../../core/errors.ts';
import type { Example } from '../../core/examples.ts';
import type { Dataset } from '../../core/settings.ts';
import type { FittedTechnique, Technique } from '../../core/techniques.ts';
import { createTrainingView, inputsOf } from '../../core/training-view.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { techniques } from '../../techniques/registry.ts';
import { withRecordedReadouts } from '../recorded-model.ts';
import type { StepContext, StepRunner } from '../step.ts';
import { readTable, writeTable } from '../tables.ts';
import { joinReadouts, loadReadouts } from './activations.ts';
import { judgedSplits, loadDataset } from './dataset.ts';
import { openPredictor, openPretrained, type PredictorConfig } from './measurement-predictor.ts';

export interface TechniqueConfig extends PredictorConfig {
  readonly technique: keyof typeof techniques;
  readonly options: unknown;
}

/** What a technique left behind: its scores on every judged split, and what it chose while fitting. */
export interface TechniqueArtifact {
  readonly scores: Readonly<Record<string, Float64Array>>;
  /** Scores of each random scorer of a control, by split. */
  readonly controls: Readonly<Record<string, readonly Float64Array[]>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Fits a technique on the training view and scores every judged split. Ground truth stops at the view. */
export const runTechnique: StepRunner<TechniqueConfig> = async (config, context) => {
  const technique = techniques[config.technique] as Technique;
  const dataset = await loadDataset(context.input('dataset'));
  const fitted = await fitTechnique(technique, dataset, config, context);
  for (const split of judgedSplits(dataset)) {
    const examples = dataset.splits[split] as readonly Example[];
    const columns = await scoreColumns(technique, fitted, examples);
    await writeTable(join(context.directory, `${split}.parquet`), [
      { name: 'id', data: examples.map(({ id }) => id), type: 'STRING' },
      ...columns.map((data, k) => ({ name: k === 0 ? 'score' : `score-${k}`, data, type: 'DOUBLE' as const })),
    ]);
  }
  const file = { splits: judgedSplits(dataset), details: fitted.details ?? {} };
  await writeWhole(join(context.directory, 'technique.json'), `${JSON.stringify(file, null, 2)}\n`);
};

export async function loadTechnique(directory: string): Promise<TechniqueArtifact> {
  const file = JSON.parse(await readFile(join(directory, 'technique.json'), 'utf8')) as {
    splits: string[];
    details: Record<string, unknown>;
  };
  const scores: Record<string, Float64Array> = {};
  const controls: Record<string, Float64Array[]> = {};
  for (const split of file.splits) {
    const rows = await readTable(join(directory, `${split}.parquet`));
    const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'id');
    const columns = names.map((name) => Float64Array.from(rows, (row) => row[name] as number));
    scores[split] = columns[0] ?? new Float64Array();
    if (columns.length > 1) controls[split] = columns;
  }
  return { scores, controls, details: file.details };
}

async function fitTechnique(technique: Technique, dataset: Dataset, config: TechniqueConfig, context: StepContext) {
  const splits = Object.entries(dataset.splits);
  const readouts = splits.map(([split, examples]) =>
    loadReadouts(
      context.input('activations'),
      split,
      examples.map(({ text }) => text),
    ),
  );
  const directory = context.input('predictor');
  const predictor = withRecordedReadouts(joinReadouts(await Promise.all(readouts)), () =>
    openPredictor(directory, config, context),
  );
  const pretrained = await openPretrained(directory, config, context);
  const view = createTrainingView(dataset.splits.train, dataset.measurementNames, {
    groundTruth: technique.needs.groundTruth === true,
  });
  const { seed } = config;
  const { progress, signal } = context;
  return technique.fit(view, config.options, { seed, predictor, pretrained, progress, signal });
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
