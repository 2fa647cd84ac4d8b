/**
 * Prompt tuning (Lester et al. 2021): learned vectors before each text. They stand in the place of the hidden states of
 * layer 0 at positions 0 to count − 1, position embeddings included, and the text moves on by `count`. Whoever uses the
 * network sees texts alone: rows and positions are those of their tokens.
 */
import { expected } from '../core/errors.ts';
import type { Value } from '../graph/graph.ts';
import { concat, expand, gather, reshape, slice } from '../graph/operators.ts';
import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from './network.ts';
import { unchanged } from './replace-states.ts';

/** Name of the learned vectors, (count × width), among the network's weights. */
export const promptName = 'prompt.weight';

/**
 * The network with `count` learned vectors before each text; itself where it has as many already.
 * @throws UserError (`wrong-virtual-tokens`) when it has another number of them, or they leave no room for a text.
 */
export function withVirtualTokens<N extends Network>(network: N, count: number): N {
  const { virtualTokens = 0, maxTokens, key } = network;
  if (count > 0 && virtualTokens === count) return network;
  requireRoom(network, count);
  return Object.freeze({
    ...network,
    ...(key !== undefined && { key: JSON.stringify(['virtual-tokens', count, key]) }),
    maxTokens: maxTokens - count,
    virtualTokens: count,
    weights: new Map([...network.weights, [promptName, { shape: [count, network.width] }]]),
    build: (inputs: TextInputs, layers: Layers, read: ReadPositions) =>
      buildBehind({ inputs, count, prompt: layers.weight(promptName) }, network, layers, read),
  });
}

function requireRoom({ family, virtualTokens = 0, maxTokens }: Network, count: number): void {
  if (virtualTokens > 0) {
    const next = 'Leave the number out, or start from the model without them.';
    throw expected('wrong-virtual-tokens', 'virtualTokens', `${virtualTokens}, as the model has`, count, next);
  }
  if (Number.isInteger(count) && count >= 1 && count < maxTokens) return;
  const wanted = `a whole number from 1 to ${maxTokens - 1}, since the ${family} network takes ${maxTokens} tokens in all`;
  throw expected('wrong-virtual-tokens', 'virtualTokens', wanted, count, 'Change it, or leave it out.');
}

interface Behind {
  /** As they are without the vectors. */
  readonly inputs: TextInputs;
  readonly count: number;
  /** (count × width) */
  readonly prompt: Value;
}

function buildBehind(behind: Behind, network: Network, layers: Layers, read: ReadPositions): NetworkOutputs {
  const { inputs } = behind;
  let placed = false;
  const replace = (states: Value, layer: number) => {
    placed ||= layer === 0;
    return replaceBehind(behind, states, layer);
  };
  const showHeads = (outputs: Value, layer: number) => inputs.showHeads?.(textRows(behind, outputs), layer);
  const { hidden, nextTokenLogits } = network.build({ ...movedInputs(behind), replace, showHeads }, layers, read);
  if (!placed) {
    const next = 'Have its `build` hand the states of layer 0 to `replace`.';
    throw expected('no-virtual-tokens', `the ${network.family} network`, 'open to them', 'one that is not', next);
  }
  return {
    hidden: hidden.map((states) => (read === 'all' ? textRows(behind, states) : states)),
    ...(nextTokenLogits && {
      nextTokenLogits: (rows) => nextTokenLogits(read === 'all' ? movedRows(behind, rows) : rows),
    }),
  };
}

/** What the network reads: `count` ids, which stand for nothing, before each text. */
function movedInputs({ inputs, count }: Behind): TextInputs {
  const { graph, batch, tokens, ids, lastPositions } = inputs;
  const integers = (length: number, at: (i: number) => number) =>
    graph.constant(
      Array.from({ length }, (_, i) => at(i)),
      [length],
      'int32',
    );
  const sum = (a: Value, b: Value) => graph.emit({ operator: 'Add', inputs: [a, b] }, [batch], 'int32');
  const placeholders = graph.constant(new Int32Array(batch * count), [batch, count], 'int32');
  const moved = sum(
    lastPositions,
    integers(batch, () => count),
  );
  return {
    graph,
    batch,
    tokens: count + tokens,
    ids: concat([placeholders, ids], 1),
    lastPositions: moved,
    lastRows: sum(
      moved,
      integers(batch, (text) => text * (count + tokens)),
    ),
  };
}

/** The vectors before layer 0's states, and what an intervention makes of the texts' own. */
function replaceBehind(behind: Behind, states: Value, layer: number): Value {
  const { inputs, count, prompt } = behind;
  const { batch, tokens, replace = unchanged } = inputs;
  const width = states.shape.at(-1) as number;
  const texts = textRows(behind, states);
  const replaced = replace(texts, layer);
  if (layer > 0 && replaced === texts) return states;
  const before =
    layer === 0
      ? expand(reshape(prompt, [1, count, width]), [batch, count, width])
      : slice(reshape(states, [batch, count + tokens, width]), 1, 0, count);
  const together = concat([before, reshape(replaced, [batch, tokens, width])], 1);
  return reshape(together, [batch * (count + tokens), width]);
}

/** Rows of the texts' own tokens: (batch · (count + tokens) × n) → (batch · tokens × n). Leaves alone a row per text. */
function textRows({ inputs: { batch, tokens }, count }: Behind, x: Value): Value {
  const [rows, width] = x.shape as readonly [number, number];
  if (rows === batch) return x;
  const texts = slice(reshape(x, [batch, count + tokens, width]), 1, count, count + tokens);
  return reshape(texts, [batch * tokens, width]);
}

/** Where rows of the texts' own tokens are among all, (n) int32; of all of them by default. */
function movedRows({ inputs: { graph, batch, tokens }, count }: Behind, rows: Value | undefined): Value {
  const places = graph.constant(
    Array.from({ length: batch * tokens }, (_, row) => row + count * (Math.floor(row / tokens) + 1)),
    [batch * tokens],
    'int32',
  );
  return rows ? gather(places, rows) : places;
}
