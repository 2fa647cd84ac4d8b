import { expected } from '../../core/errors.ts';
import type { Matrix } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import { decision, fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { requireBothClasses } from './binary-task.ts';
import { labelCore } from './label-core.ts';
import { neighbourLabels } from './neighbour-labels.ts';
import { pickRows } from './pick-rows.ts';
import { sigmoid } from './sigmoid.ts';
import { partOfTask, type WeakTask } from './weak-task.ts';

/** How weak labels that activations speak against are found, and what becomes of them. */
export interface CleaningOptions {
  /** What judges a label. @default 'nearest-neighbours' */
  readonly filter: 'nearest-neighbours' | 'logistic' | 'topological';
  /** Leave doubtful examples out, or put predictions in the place of all labels; `topological` only drops. @default 'drop' */
  readonly mode: 'drop' | 'relabel';
  /** Share of the examples to drop, in [0, 1). @default 0.1 */
  readonly contamination: number;
  /** Neighbours whose mean label predicts, and edges from each example of `topological`. @default 50 */
  readonly k: number;
  /** Neighbours within the core whose mean label judges, of `topological`. @default 50 */
  readonly kZeta: number;
  /** λ of `logistic`, mean cross-entropy + λ‖w‖² on activations as they are. @default 1e-3 */
  readonly l2: number;
}

/** A task after cleaning and what was done to it. */
export interface CleanedLabels {
  readonly task: WeakTask;
  readonly details: Readonly<Record<string, number>>;
}

type Run = Pick<TechniqueContext, 'seed' | 'signal'>;

/**
 * The task without its doubtful labels (methods.md 4.4). Which of equally doubtful ones are dropped is drawn by seed;
 * what is left keeps its order. Dropped are round(contamination · n), by `topological` more where more are outside the core.
 *
 * @param activations (examples × width)
 * @throws UserError `too-few-neighbours` when k or kZeta asks for more than there are, `too-few-examples` when `topological`
 * has fewer than two examples on a side of 1/2, and as {@link fitLogisticRegression} does.
 */
export async function cleanLabels(
  task: WeakTask,
  activations: Matrix,
  options: CleaningOptions,
  run: Run,
): Promise<CleanedLabels> {
  if (options.mode === 'relabel') return relabelled(task, await predict(task, activations, options, run));
  const doubtful = await findDoubtful(task, activations, options, run);
  return without(task, new Set(doubtful));
}

async function findDoubtful(task: WeakTask, activations: Matrix, options: CleaningOptions, run: Run) {
  const { labels } = task;
  const quota = Math.round(options.contamination * labels.length);
  if (options.filter === 'topological') return outsideTopology(task, activations, quota, options, run);
  return mostDoubtful(labels, await predict(task, activations, options, run), quota, run.seed);
}

/** Every label as the other examples have it: by neighbours, or by a regression on all of them. */
async function predict(
  { technique, labels }: WeakTask,
  activations: Matrix,
  { filter, k, l2 }: CleaningOptions,
  { signal }: Run,
): Promise<Float64Array> {
  if (filter === 'nearest-neighbours') {
    requireNeighbours(technique, 'k', k, labels.length);
    return neighbourLabels(activations, labels, k, signal);
  }
  return decision(activations, await fitLogisticRegression(matrixRows(activations), labels, { l2 })).map(sigmoid);
}

/** Rows outside their class's core and, as far as the quota then goes, those within whose labels differ most from their neighbours'. */
async function outsideTopology(
  task: WeakTask,
  activations: Matrix,
  quota: number,
  { k, kZeta }: CleaningOptions,
  { seed, signal }: Run,
): Promise<readonly number[]> {
  const { technique, labels } = task;
  requireNeighbours(technique, 'k', k, labels.length);
  requireTwoOfEach(task);
  const core = await labelCore(activations, labels, k, signal);
  const inside = new Set(core);
  const outside = [...labels.keys()].filter((row) => !inside.has(row));
  if (outside.length >= quota) return outside;
  requireNeighbours(technique, 'kZeta', kZeta, core.length);
  const own = Float64Array.from(core, (row) => labels[row] as number);
  const means = await neighbourLabels(pickRows(activations, core), own, kZeta, signal);
  const worst = mostDoubtful(own, means, quota - outside.length, seed);
  return [...outside, ...worst.map((at) => core[at] as number)];
}

/** Positions of the `count` labels furthest from their predictions. */
function mostDoubtful(labels: Float64Array, predictions: Float64Array, count: number, seed: number): readonly number[] {
  // In float32: |1 − 0.9| and |0 − 0.1| differ in float64, which would prefer one class.
  const doubts = Float32Array.from(labels, (label, row) => Math.abs(label - (predictions[row] as number)));
  const order = createRng(seed, 'clean-labels').shuffle([...labels.keys()]);
  return order.sort((a, b) => (doubts[b] as number) - (doubts[a] as number)).slice(0, count);
}

function without(task: WeakTask, doubtful: ReadonlySet<number>): CleanedLabels {
  const droppedPositives = [...doubtful].filter((row) => (task.labels[row] as number) > 0.5).length;
  const kept = [...task.labels.keys()].filter((row) => !doubtful.has(row));
  const dropped = doubtful.size;
  return {
    task: partOfTask(task, kept),
    details: { dropped, droppedPositives, droppedNegatives: dropped - droppedPositives },
  };
}

function relabelled(task: WeakTask, labels: Float64Array): CleanedLabels {
  const moved = (from: boolean) =>
    labels.filter((label, row) => (task.labels[row] as number) > 0.5 === from && label > 0.5 !== from).length;
  return { task: { ...task, labels }, details: { madeNegative: moved(true), madePositive: moved(false) } };
}

function requireTwoOfEach({ technique, labels }: WeakTask): void {
  requireBothClasses(
    {
      technique,
      targets: Array.from(labels, (label) => label > 0.5),
      positives: 'training examples with a weak label above 0.5',
      negatives: 'training examples with a weak label of at most 0.5',
    },
    2,
  );
}

function requireNeighbours(technique: string, option: 'k' | 'kZeta', wanted: number, rows: number): void {
  if (wanted < rows) return;
  const next = 'Lower it, or give more training examples.';
  const among = option === 'k' ? 'examples with a weak label' : 'examples of the core';
  throw expected(
    'too-few-neighbours',
    `option "${option}" of ${technique}`,
    `below the ${rows} ${among}`,
    wanted,
    next,
  );
}
