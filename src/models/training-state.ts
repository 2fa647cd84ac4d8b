import { createHash, type Hash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import type { Arrays, OptimizerState } from '../graph/optimizer.ts';
import type { BestSoFar } from './early-stopping.ts';
import type { NamedTensor } from './safetensors.ts';
import { readTensors, writeTensors } from './tensor-files.ts';
import type { LabelledExamples, TrainingRun } from './training-run.ts';

/** All that a training needs to go on as if it had never stopped; the order of batches follows from seed and step. */
export interface TrainingState {
  /** Loss of each step taken. */
  readonly losses: readonly number[];
  readonly weights: Arrays;
  readonly optimizer: OptimizerState;
  readonly best?: BestSoFar;
}

const metadataSchema = z.strictObject({
  format: z.literal('touchstone-training-state'),
  fingerprint: z.string(),
  state: z.string(),
});
const stateSchema = z.strictObject({
  losses: z.array(z.number()),
  // JSON has no infinity.
  best: z
    .strictObject({
      loss: z
        .number()
        .nullable()
        .transform((loss) => loss ?? Number.POSITIVE_INFINITY),
      step: z.int(),
      since: z.int(),
    })
    .optional(),
});

/** What fixes a training: its data, its config, its seed, the weights it starts from, and whether (not how) targets are made anew. SHA-256, hexadecimal. */
export function trainingFingerprint(run: TrainingRun): string {
  const { model, weights, trainable, config, seed, together = 1, retarget, validation } = run;
  const hash = createHash('sha256');
  const { network, heads, readAt, adapters } = model;
  hash.update(JSON.stringify([network.family, heads, readAt, adapters, trainable, config, seed]));
  for (const [name, data] of Object.entries(weights)) hash.update(`${name}/${data.length}`).update(bytesOf(data));
  hashExamples(hash, run);
  if (together > 1 || retarget) hash.update(JSON.stringify({ together, retarget: retarget !== undefined }));
  if (!validation) return hash.digest('hex');
  const { examples, everySteps, patience } = validation;
  hash.update(JSON.stringify({ everySteps, patience }));
  hashExamples(hash, examples);
  return hash.digest('hex');
}

function hashExamples(hash: Hash, { encoded, targets, lossWeights }: LabelledExamples): void {
  for (const ids of encoded) hash.update(`${ids.length}`).update(bytesOf(ids));
  for (const { data } of [targets, lossWeights]) hash.update(bytesOf(data));
}

/** Writes a state whole or not at all. */
export async function saveTrainingState(file: string, fingerprint: string, state: TrainingState): Promise<void> {
  const { weights, optimizer, losses, best } = state;
  const tensors = new Map([
    ...tensorsOf('weight', weights),
    ...tensorsOf('mean', optimizer.means),
    ...tensorsOf('square', optimizer.squares),
    ...(best ? tensorsOf('best', best.weights) : []),
  ]);
  const { weights: _, ...summary } = best ?? { weights: {} };
  const json = JSON.stringify({ losses, ...(best && { best: summary }) });
  const metadata = { format: 'touchstone-training-state', fingerprint, state: json };
  await writeTensors(file, tensors, metadata);
}

/**
 * The state in `file`; undefined when there is no such file.
 * @throws UserError (`wrong-checkpoint`) when it is of another training; (`invalid-safetensors`) when it is damaged.
 */
export async function loadTrainingState(file: string, fingerprint: string): Promise<TrainingState | undefined> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { tensors, metadata } = await readTensors(file);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) throw wrong(file, 'the state of a training', z.prettifyError(parsed.error));
  if (parsed.data.fingerprint !== fingerprint) {
    throw wrong(file, 'the state of this training', 'one of other data, config, seed or weights');
  }
  const { losses, best } = stateSchema.parse(JSON.parse(parsed.data.state));
  const part = (kind: string) => arraysOf(kind, tensors);
  return {
    losses,
    weights: part('weight'),
    optimizer: { steps: losses.length, means: part('mean'), squares: part('square') },
    ...(best && { best: { ...best, weights: part('best') } }),
  };
}

function tensorsOf(kind: string, arrays: Arrays): [string, NamedTensor][] {
  return Object.entries(arrays).map(([name, data]) => [
    `${kind}/${name}`,
    { shape: [data.length], data: data as Float32Array<ArrayBuffer> },
  ]);
}

function arraysOf(kind: string, tensors: ReadonlyMap<string, NamedTensor>): Arrays {
  const own = [...tensors].filter(([name]) => name.startsWith(`${kind}/`));
  return Object.fromEntries(own.map(([name, { data }]) => [name.slice(kind.length + 1), data]));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function wrong(file: string, wanted: string, got: unknown) {
  return expected('wrong-checkpoint', file, wanted, got, 'Name another file, or delete this one to start anew.');
}
