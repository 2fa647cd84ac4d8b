import { expected } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { TokenMask } from './feeds.ts';
import { type HiddenPass, runHiddenPass } from './hidden-pass.ts';
import { arraysOf, encodeFor, modelShape, type NetworkModel } from './network-model.ts';
import { inferenceBatch } from './readouts.ts';

/** Chooses the tokens of one text that are read: positions from 0, of `ids`. */
export type ChoosePositions = (ids: Int32Array, input: Input) => readonly number[];

export interface ReadHiddenOptions {
  readonly inputs: Iterable<Input> | AsyncIterable<Input>;
  /** Layers in [0, model.layers]. @default all */
  readonly layers?: readonly number[];
  /** One row per text (its last token, the mean over its tokens), one per token, or one per token chosen. @default 'last' */
  readonly positions?: 'last' | 'mean' | 'all' | ChoosePositions;
  /** Which tokens a mean is taken over. @default the model's own mask */
  readonly readMask?: TokenMask;
}

/** Hidden states of some texts, in the order of the inputs. */
export interface HiddenBatch {
  readonly ids: readonly string[];
  /** Token positions of each text's rows; absent for means. */
  readonly positions?: readonly (readonly number[])[];
  /** By layer (rows × width), row-major; a text has as many rows as positions, one where these are absent. */
  readonly layers: ReadonlyMap<number, Float32Array>;
}

/** Texts whose states are held at once, in batches: sorting more by length leaves less padding. */
const batchesHeld = { pooled: 16, everywhere: 1 };

/**
 * Reads hidden states of a stream of texts, some batches at a time, so that memory does not grow with their number:
 * at most 16 batches of pooled states, or one of every token's.
 * @throws UserError (`no-such-layer`, `no-such-token`) for a layer or a position that is not there.
 */
export async function* readHidden(model: NetworkModel, options: ReadHiddenOptions): AsyncGenerator<HiddenBatch> {
  const reader = createReader(model, options);
  let chunk: Input[] = [];
  for await (const input of options.inputs) {
    chunk.push(input);
    if (chunk.length < reader.chunk) continue;
    yield await reader.read(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield await reader.read(chunk);
}

function createReader(model: NetworkModel, options: ReadHiddenOptions) {
  const { parts } = model;
  const { positions = 'last' } = options;
  const layers = options.layers ?? Array.from({ length: model.layers + 1 }, (_, layer) => layer);
  for (const layer of layers) requireLayer(layer, model.layers);
  const everywhere = positions === 'all' || typeof positions === 'function';
  const { readAt: _, ...shape } = modelShape(parts);
  const readMask = options.readMask ?? parts.readMask;
  const pass: HiddenPass = {
    model: { ...shape, readAt: positions === 'mean' ? 'mean' : 'last' },
    weights: arraysOf(parts.weights),
    layers,
    everywhere,
    runtime: parts.runtime,
    batchSize: inferenceBatch(parts.network),
    ...(readMask && { readMask }),
  };
  return {
    chunk: pass.batchSize * batchesHeld[everywhere ? 'everywhere' : 'pooled'],
    async read(inputs: readonly Input[]): Promise<HiddenBatch> {
      const encoded = encodeFor(parts, inputs);
      const wanted =
        positions === 'mean'
          ? undefined
          : encoded.map((ids, text) => positionsOf(positions, ids, inputs[text] as Input));
      const results = await runHiddenPass(pass, encoded, wanted);
      return {
        ids: inputs.map(({ id }) => id),
        ...(wanted && { positions: wanted }),
        layers: new Map(layers.map((layer, i) => [layer, joined(results.map((rows) => rows[i] as Float32Array))])),
      };
    },
  };
}

function positionsOf(
  choice: Exclude<NonNullable<ReadHiddenOptions['positions']>, 'mean'>,
  ids: Int32Array,
  input: Input,
): readonly number[] {
  if (choice === 'last') return [ids.length - 1];
  if (choice === 'all') return Array.from(ids, (_, position) => position);
  const chosen = choice(ids, input);
  const bad = chosen.find((position) => !Number.isInteger(position) || position < 0 || position >= ids.length);
  if (bad === undefined) return chosen;
  const thing = `a token position chosen in example "${input.id}"`;
  throw expected('no-such-token', thing, `from 0 to ${ids.length - 1}`, bad, 'Choose among its tokens.');
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

function requireLayer(layer: number, layers: number): void {
  if (Number.isInteger(layer) && layer >= 0 && layer <= layers) return;
  throw expected('no-such-layer', 'layer', `a whole number from 0 to ${layers}`, layer, 'Choose one of these.');
}
