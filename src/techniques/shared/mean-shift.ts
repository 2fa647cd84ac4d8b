/**
 * Mass-mean shift (methods.md 9.5): the parts of a model that best tell the better candidate from the worse, its attention
 * heads or the states of its layers, vote by the direction in which the better ones lie. Such a part is a unit.
 */
import { z } from 'zod';
import type { Input } from '../../core/examples.ts';
import type { Matrix } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { largestIndices } from '../../solvers/largest-indices.ts';
import { type Calibration, calibrateCosines, calibrations } from './calibrate-cosines.ts';
import { holdOut } from './hold-out.ts';
import { candidateTexts, orderedTexts } from './ordered-texts.ts';
import type { PairTask } from './pair-task.ts';
import { askUnit, columnsOf, cosineOfDifference, type UnitAnswer } from './unit-ranking.ts';

/** Fewer pairs leave too few to rank and calibrate by. */
export const leastPairs = 5;

/** Where units are read. */
export interface UnitSource {
  /** Blocks, each with `perLayer` units side by side. */
  readonly layers: readonly number[];
  readonly perLayer: number;
  /** What the units of a layer give at the last token of texts, (n × perLayer · width of a unit). */
  read(texts: readonly Input[], layer: number): Promise<Matrix>;
}

/** Hyperparameters of techniques that let units vote. */
export interface MeanShiftOptions {
  /** Units that vote, those of the highest accuracy; all where there are fewer. @default 16 */
  readonly units: number;
  /** Share of the pairs to rank the units and to calibrate by, in (0, 1). @default 0.3 */
  readonly validationShare: number;
  /** In which order the calibration sees pairs. @default 'both-orders' */
  readonly calibration: Calibration;
  /** Most pairs to learn from, drawn at random; the benchmark has 600. @default 1000 */
  readonly mostExamples: number;
}

/** Schema of {@link MeanShiftOptions}; unknown keys are refused. */
export const meanShiftOptions = z.strictObject({
  units: z.int().min(1).default(16).describe('Attention heads or layers that vote, the most accurate ones'),
  validationShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.3)
    .describe('Share of the pairs to rank these and to calibrate the score by'),
  calibration: z
    .enum(calibrations)
    .default('both-orders')
    .describe('Whether the calibration sees each pair in both orders, or every other one turned round, as published'),
  mostExamples: z.int().min(leastPairs).default(1000).describe('Most trusted pairs to learn from, drawn at random'),
});

interface Unit extends UnitAnswer {
  readonly layer: number;
  readonly index: number;
}

/** Asks every unit, keeps the best and calibrates their mean cosine. */
export async function fitMeanShift(
  source: UnitSource,
  task: PairTask,
  options: MeanShiftOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const some = draw(task, options.mostExamples, context.seed);
  const best = bestOf(await askAll(source, some, options, context), options.units);
  const scale = await calibrateCosines(meanOf(best.map(({ cosines }) => cosines)), options.calibration);
  return {
    score: async (inputs) => {
      const cosines = await meanCosines(source, best, task.technique, inputs, context.signal);
      return cosines.map((cosine) => scale.slope * cosine + scale.offset);
    },
    details: {
      examples: some.examples.length,
      layers: best.map(({ layer }) => layer),
      ...(source.perLayer > 1 && { heads: best.map(({ index }) => index) }),
      accuracies: best.map(({ accuracy }) => accuracy),
      ...scale,
    },
  };
}

function draw(task: PairTask, most: number, seed: number): PairTask {
  if (task.examples.length <= most) return task;
  const rows = createRng(seed, 'mean-shift').sample([...task.examples.keys()], most);
  const pick = <T>(values: readonly T[]) => rows.map((row) => values[row] as T);
  return { technique: task.technique, examples: pick(task.examples), targets: pick(task.targets) };
}

async function askAll(
  source: UnitSource,
  task: PairTask,
  { validationShare }: MeanShiftOptions,
  { seed, signal, progress }: TechniqueContext,
): Promise<readonly Unit[]> {
  const texts = orderedTexts(task);
  const count = task.examples.length;
  const split = holdOut(count, { share: validationShare, atMost: count - 1 }, seed, 'mean-shift');
  const units: Unit[] = [];
  for (const [done, layer] of source.layers.entries()) {
    signal.throwIfAborted();
    const better = await source.read(texts.better, layer);
    const worse = await source.read(texts.worse, layer);
    for (let index = 0; index < source.perLayer; index++) {
      const answer = await askUnit({ better, worse }, { index, count: source.perLayer }, split);
      units.push({ layer, index, ...answer });
    }
    progress(done + 1, source.layers.length, 'layers');
  }
  return units;
}

/** The most accurate ones, of equal ones the earlier. */
function bestOf(units: readonly Unit[], most: number): readonly Unit[] {
  const accuracies = Float64Array.from(units, ({ accuracy }) => accuracy);
  return largestIndices(accuracies, most).map((row) => units[row] as Unit);
}

/** Inputs whose readings are in memory at a time. */
const blockSize = 2048;

async function meanCosines(
  source: UnitSource,
  units: readonly Unit[],
  technique: string,
  inputs: readonly Input[],
  signal: AbortSignal,
): Promise<Float64Array> {
  const total = new Float64Array(inputs.length);
  const byLayer = [...Map.groupBy(units, ({ layer }) => layer)];
  for (let start = 0; start < inputs.length; start += blockSize) {
    const block = candidateTexts(technique, inputs.slice(start, start + blockSize));
    for (const [layer, own] of byLayer) {
      signal.throwIfAborted();
      const [positive, negative] = [await source.read(block.positive, layer), await source.read(block.negative, layer)];
      for (const { index, direction } of own) {
        const [high, low] = [columnsOf(positive, index, source.perLayer), columnsOf(negative, index, source.perLayer)];
        for (let row = 0; row < high.rows; row++) {
          (total[start + row] as number) += cosineOfDifference(high, low, row, direction) / units.length;
        }
      }
    }
  }
  return total;
}

function meanOf(columns: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array((columns[0] as Float64Array).length);
  for (const column of columns) {
    for (let row = 0; row < mean.length; row++) (mean[row] as number) += (column[row] as number) / columns.length;
  }
  return mean;
}
