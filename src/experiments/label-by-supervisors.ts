import { countBySplit } from '../core/count-categories.ts';
import { expected } from '../core/errors.ts';
import type { Example } from '../core/examples.ts';
import type { TrainingTargets } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { Dataset, Progress } from '../core/settings.ts';
import { inputsOf } from '../core/training-view.ts';
import { finetuningConfig, type TrainingConfig } from '../models/config.ts';
import type { NetworkModel } from '../models/network-model.ts';
import { type TokenizerConfig, tokenizerConfig } from '../models/tokenizer-training.ts';
import { mapSplits } from './map-splits.ts';
import type { RunConfig } from './run-config.ts';
import { createOwnModel } from './steps/pretraining.ts';
import { tokenizerOf } from './steps/tokenizer.ts';
import type { SupervisorConfig } from './supervisor-config.ts';

/** How weak supervisors are trained. */
export interface SupervisionConfig extends Pick<RunConfig, 'device'> {
  readonly supervisor: SupervisorConfig;
  /** The strong model's, where that does not bring its own. @default the default tokenizer */
  readonly tokenizer?: TokenizerConfig | undefined;
  readonly training: TrainingConfig;
  readonly seed: number;
  readonly threads: number;
}

interface Watch {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Trains weak supervisors on the ground truth of `supervisorExamples` (half 1 of methods.md 3.3), each on its own part,
 * and labels every other example with their probabilities: `weakLabels`, and as measurements whether these are above one
 * half. No label of train or a judged split is looked at.
 * @throws UserError (`too-few-examples`) when a supervisor would learn from one class alone.
 */
export async function labelBySupervisors(dataset: Dataset, config: SupervisionConfig, watch: Watch): Promise<Dataset> {
  const parts = partsOf(dataset, config);
  const supervisors: NetworkModel[] = [];
  for (const [k, part] of parts.entries()) {
    supervisors.push(await trainSupervisor(part, k, dataset, config, watch));
    watch.progress(k + 1, parts.length, 'supervisors');
  }
  const labelled: Record<string, readonly Example[]> = {};
  for (const [split, examples] of Object.entries(dataset.splits)) {
    labelled[split] = await labelledBy(supervisors, examples);
  }
  const { splits } = mapSplits(dataset, (_, split) => labelled[split] as readonly Example[]);
  const measurementNames = supervisors.map((_, k) => `supervisor-${k + 1}`);
  return { ...dataset, splits, measurementNames, notes: { ...dataset.notes, counts: countBySplit(splits) } };
}

/** What each supervisor learns from: disjoint random parts, both answers in each. */
function partsOf({ setting, supervisorExamples = [] }: Dataset, config: SupervisionConfig): Example[][] {
  const { count, examples: most } = config.supervisor;
  const shuffled = createRng(config.seed, 'supervisor-parts').shuffle(supervisorExamples);
  const size = Math.floor(shuffled.length / count);
  const parts = Array.from({ length: count }, (_, k) => shuffled.slice(k * size, (k + 1) * size));
  return parts.map((part) => {
    const kept = most === 0 ? part : part.slice(0, most);
    const positives = kept.filter(({ groundTruth }) => groundTruth).length;
    if (positives > 0 && positives < kept.length) return kept;
    const got = `${positives} positive of ${kept.length}`;
    const next = 'Give the setting more supervisor examples, or have fewer supervisors.';
    throw expected('too-few-examples', `the examples of a weak supervisor on ${setting}`, 'of both classes', got, next);
  });
}

async function trainSupervisor(
  part: readonly Example[],
  k: number,
  dataset: Dataset,
  config: SupervisionConfig,
  { signal }: Watch,
): Promise<NetworkModel> {
  const { supervisor, tokenizer = tokenizerConfig.parse({}), device, threads } = config;
  // Heads or adapters alone are for a strong model that knows something already.
  const training = { ...config.training, trainable: 'full' as const };
  // Seeds of supervisors must differ from each other's and from the strong model's.
  const seed = (config.seed + 1) * 1000 + k;
  const { model: size, pretraining, epochs, learningRate } = supervisor;
  const options = {
    measurements: 1,
    tokenizer: tokenizerOf(dataset, tokenizer),
    model: size,
    training,
    finetuning: finetuningConfig.parse({}),
    ...{ seed, device, threads, signal },
  };
  const start = await createOwnModel(options, dataset, pretraining, () => {});
  return start.finetune(groundTruthTargets(part, start.heads.length), { seed, epochs, learningRate });
}

/** Ground truth through the aggregate head, which comes first. */
function groundTruthTargets(examples: readonly Example[], heads: number): TrainingTargets {
  const shape = { rows: examples.length, columns: heads };
  const targets = new Float32Array(shape.rows * heads);
  const weights = new Float32Array(shape.rows * heads);
  examples.forEach(({ groundTruth }, row) => {
    targets[row * heads] = Number(groundTruth);
    weights[row * heads] = 1;
  });
  return { inputs: inputsOf(examples), targets: { ...shape, data: targets }, weights: { ...shape, data: weights } };
}

async function labelledBy(supervisors: readonly NetworkModel[], examples: readonly Example[]): Promise<Example[]> {
  const inputs = inputsOf(examples);
  const columns: number[][] = [];
  for (const supervisor of supervisors) {
    const { data, columns: heads } = await supervisor.logits(inputs);
    columns.push(examples.map((_, row) => 1 / (1 + Math.exp(-(data[row * heads] as number)))));
  }
  return examples.map((example, row) => {
    const weakLabels = columns.map((column) => column[row] as number);
    return { ...example, weakLabels, measurements: weakLabels.map((label) => label > 0.5) };
  });
}
