import type { Value } from '../../graph/graph.ts';
import { cast, gather, reshape } from '../../graph/operators.ts';
import type { Layers, Network, NetworkOutputs, ReadPositions, TextInputs } from '../network.ts';
import { buildHiddenStates } from './build-hidden-states.ts';
import { buildOnnx } from './build-onnx.ts';
import { embeddingLimits } from './embedding-limits.ts';
import { fault } from './fault.ts';
import { inspectOnnx, type OnnxInspection } from './inspect-onnx.ts';
import { nodesFor } from './nodes-for.ts';
import type { OnnxModel } from './onnx-model.ts';

/** What a file does not say, or says in a way that is not understood; all are found where they can be. */
export interface OnnxNetworkOptions {
  /** Names of the values that are hidden states, from the embedding to the last, each (batch, tokens, width). */
  readonly hiddenStates?: readonly string[];
  /** Name of the next-token logits, (batch, tokens, vocabulary). @default the output of that shape, if any */
  readonly nextTokenLogits?: string;
  /** Longest text in tokens. @default the rows of the position embedding, or 512 */
  readonly maxTokens?: number;
  /** Whether a token sees only those before it. @default false */
  readonly causal?: boolean;
}

/** Inputs of a text model that follow from the texts. */
const textInputNames = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'] as const;
type TextInputName = (typeof textInputNames)[number];

/** Sizes at which a file is looked at; unequal, so that axes can be told apart. */
const trialBatch = 3;
const trialTokens = 7;

/**
 * An opened model that reads token ids, as a {@link Network}: its hidden states are found, its attention mask, token
 * types and positions follow from the texts, which are padded on the right.
 * @throws UserError (`invalid-onnx`, `unsupported-operator`) naming the node that cannot be built, or what was not found.
 */
export function createOnnxNetwork(model: OnnxModel, options: OnnxNetworkOptions = {}): Network {
  const shape = requireTextInputs(model);
  const inspection = inspectOnnx(model, Object.fromEntries(model.inputs.map(({ name }) => [name, shape])));
  const hiddenStates = requireHiddenStates(model, options.hiddenStates ?? inspection.hiddenStates);
  const shapeOf = (name: string) => inspection.build.operands.get(name)?.shape ?? [];
  const width = requireStates(model, hiddenStates, shapeOf, shape);
  const { vocabulary, positions } = embeddingLimits(model, inspection.build.operands, 'input_ids');
  const logits = options.nextTokenLogits ?? findLogits(model, shapeOf, [...shape, vocabulary]);
  const wanted = usedBy(model, [...hiddenStates, ...(logits === undefined ? [] : [logits])], inspection);
  return {
    family: 'onnx',
    width,
    layers: hiddenStates.length - 1,
    vocabulary,
    maxTokens: options.maxTokens ?? positions ?? 512,
    causal: options.causal ?? false,
    weights: new Map(wanted.map((name) => [name, { shape: model.weights.get(name)?.shape ?? [] }])),
    linears: inspection.linears.filter((name) => wanted.includes(name)),
    build: (inputs, layers, read) => build(model, { hiddenStates, logits }, inputs, layers, read),
  };
}

/** The shape to look at the file with. */
function requireTextInputs({ inputs, file }: OnnxModel): readonly [number, number] {
  const unknown = inputs.find(({ name }) => !textInputNames.some((known) => known === name));
  const next = 'Export it with these inputs and without past keys and values (use_cache=False)';
  if (unknown) throw fault(`the inputs of ${file}`, `among ${textInputNames.join(', ')}`, unknown.name, next);
  const ids = inputs.find(({ name }) => name === 'input_ids');
  if (!ids)
    throw fault(
      `the inputs of ${file}`,
      'token ids, "input_ids", among others',
      inputs.map(({ name }) => name),
      next,
    );
  const [batch, tokens] = ids.shape ?? [];
  return [typeof batch === 'number' ? batch : trialBatch, typeof tokens === 'number' ? tokens : trialTokens];
}

function requireHiddenStates({ file }: OnnxModel, found: readonly string[] | undefined): readonly string[] {
  if (found && found.length >= 2) return found;
  const next = 'Name them with `hiddenStates`, from the embedding to the last';
  throw fault(`the hidden states of ${file}`, 'recognisable by the modules of its nodes', found ?? 'none found', next);
}

/** The width of the hidden states. */
function requireStates(
  { file }: OnnxModel,
  names: readonly string[],
  shapeOf: (name: string) => readonly number[],
  [batch, tokens]: readonly [number, number],
): number {
  const width = shapeOf(names[0] as string).at(-1) ?? 0;
  const wrong = names.find((name) => shapeOf(name).join() !== [batch, tokens, width].join());
  if (wrong === undefined) return width;
  const wanted = `of shape [batch, tokens, ${width}], here [${batch}, ${tokens}, ${width}]`;
  throw fault(
    `hidden state "${wrong}" of ${file}`,
    wanted,
    shapeOf(wrong),
    'Name the hidden states with `hiddenStates`',
  );
}

function findLogits({ outputs }: OnnxModel, shapeOf: (name: string) => readonly number[], shape: readonly number[]) {
  return outputs.find(({ name }) => shapeOf(name).join() === shape.join())?.name;
}

/** Weights that these values depend on, in the order of the file. */
function usedBy(model: OnnxModel, outputs: readonly string[], { weights }: OnnxInspection): readonly string[] {
  const names = new Set<string>();
  const given = new Set([
    ...model.inputs.map(({ name }) => name),
    ...model.constants.keys(),
    ...model.weightNames.keys(),
  ]);
  for (const node of nodesFor(model, given, outputs)) {
    for (const name of node.inputs) names.add(model.weightNames.get(name) ?? '');
  }
  return weights.filter((name) => names.has(name));
}

interface Wanted {
  readonly hiddenStates: readonly string[];
  readonly logits: string | undefined;
}

function build(
  model: OnnxModel,
  wanted: Wanted,
  inputs: TextInputs,
  layers: Layers,
  read: ReadPositions,
): NetworkOutputs {
  const { graph, lastRows } = inputs;
  const rows = (x: Value) => {
    const all = reshape(x, [-1, x.shape.at(-1) as number]);
    return read === 'all' ? all : gather(all, lastRows);
  };
  const given = new Map<string, Value>(
    model.inputs.map(({ name }) => [name, textInput(name as TextInputName, inputs)]),
  );
  const outputs = buildHiddenStates(model, wanted.hiddenStates, { texts: inputs, layers, given });
  const hidden = wanted.hiddenStates.map((name) => rows(outputs.get(name) as Value));
  const { logits } = wanted;
  if (logits === undefined) return { hidden };
  const last = wanted.hiddenStates.at(-1) as string;
  const nextTokenLogits = (chosen?: Value) => {
    // Cut behind the last hidden state, so that nothing before it is built twice.
    const cut = new Map([...given, [last, outputs.get(last) as Value]]);
    const whole = buildOnnx(model, { graph, layers, inputs: cut, outputs: [logits] }).outputs.get(logits) as Value;
    return chosen ? gather(rows(whole), chosen) : rows(whole);
  };
  return { hidden, nextTokenLogits };
}

/** An input that follows from the texts, (batch × tokens). */
function textInput(name: TextInputName, { graph, batch, tokens, ids, lastPositions }: TextInputs): Value {
  if (name === 'input_ids') return ids;
  const positions = graph.constant(
    Array.from({ length: tokens }, (_, position) => position),
    [1, tokens],
    'int32',
  );
  if (name === 'attention_mask') {
    const operands = [positions, reshape(lastPositions, [batch, 1])];
    const seen = graph.emit({ operator: 'LessOrEqual', inputs: operands }, [batch, tokens], 'bool');
    return cast(seen, 'int64');
  }
  const position = name === 'position_ids' ? (i: number) => i % tokens : () => 0;
  return graph.constant(
    Array.from({ length: batch * tokens }, (_, i) => position(i)),
    [batch, tokens],
    'int64',
  );
}
