/** Where the hidden states of a network are in an exported graph, found by the modules that its nodes came from. */
import { sameShape } from '../../graph/shapes.ts';
import type { OnnxModel, OnnxNode } from './onnx-model.ts';
import type { Operand } from './operand.ts';

/**
 * Value names of the hidden states: what goes into the first block, what comes out of each, the last one after a final
 * norm where one follows. Blocks are the modules with a number in their path, as in `encoder.layer.0`.
 * @returns undefined where the file does not say which module a node came from, or no blocks are found.
 */
export function findHiddenStates(
  model: OnnxModel,
  operands: ReadonlyMap<string, Operand>,
): readonly string[] | undefined {
  const blocks = blocksOf(model);
  if (!blocks) return undefined;
  const users = usersOf(model);
  const outside = (block: number) => (name: string) =>
    (users.get(name) ?? []).some((user) => blocks.of(user) !== block) || model.outputs.some((out) => out.name === name);
  const states = (nodes: readonly OnnxNode[]) =>
    nodes.flatMap(({ outputs }) => outputs.filter((name) => isState(operands.get(name))));
  const outputsOf = (block: number) =>
    states(model.nodes.filter((node) => blocks.of(node) === block)).filter(outside(block));
  const last = outputsOf(blocks.count - 1).at(-1);
  if (last === undefined) return undefined;
  const shape = (operands.get(last) as Operand).shape;
  const alike = (name: string) => sameShape((operands.get(name) as Operand).shape, shape);
  const inner = Array.from({ length: blocks.count - 1 }, (_, block) => outputsOf(block).filter(alike).at(-1));
  const entry = firstInput(model, blocks, operands, alike);
  const found = [entry, ...inner, finalNorm(model, last, users, operands) ?? last];
  return found.every((name) => name !== undefined) ? (found as string[]) : undefined;
}

interface Blocks {
  readonly count: number;
  /** The block a node belongs to; undefined outside all. */
  of(node: OnnxNode): number | undefined;
}

/** The outermost container of numbered modules that has several of them, or the only one. */
function blocksOf({ nodes }: OnnxModel): Blocks | undefined {
  const containers = new Map<string, Set<number>>();
  for (const { scope } of nodes) {
    const parts = scope.split('.');
    for (const [depth, part] of parts.entries()) {
      const path = parts.slice(0, depth).join('.');
      if (depth > 0 && /^\d+$/.test(part)) containers.set(path, (containers.get(path) ?? new Set()).add(Number(part)));
    }
  }
  const byDepth = [...containers].sort(([a], [b]) => a.split('.').length - b.split('.').length);
  const [path, numbers] = byDepth.find(([, found]) => found.size > 1) ?? byDepth[0] ?? [];
  if (path === undefined || !numbers || Math.max(...numbers) !== numbers.size - 1) return undefined;
  const of = ({ scope }: OnnxNode) => {
    const number = scope.startsWith(`${path}.`) ? scope.slice(path.length + 1).split('.')[0] : undefined;
    return number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined;
  };
  return { count: numbers.size, of };
}

/** Floats as (batch, tokens, width) that the graph computes. */
function isState(operand: Operand | undefined): boolean {
  return operand !== undefined && operand.dtype === 'float32' && operand.shape.length === 3 && !isGiven(operand);
}

function isGiven(operand: Operand): boolean {
  return 'kind' in operand && operand.kind !== 'product';
}

function usersOf({ nodes }: OnnxModel): ReadonlyMap<string, readonly OnnxNode[]> {
  const users = new Map<string, OnnxNode[]>();
  for (const node of nodes) for (const name of node.inputs) users.set(name, [...(users.get(name) ?? []), node]);
  return users;
}

/** What the first block reads that no block made. */
function firstInput(
  model: OnnxModel,
  blocks: Blocks,
  operands: ReadonlyMap<string, Operand>,
  alike: (name: string) => boolean,
): string | undefined {
  const read = model.nodes.filter((node) => blocks.of(node) === 0).flatMap(({ inputs }) => inputs);
  return read.find((name) => {
    const producer = model.producers.get(name);
    return producer && blocks.of(producer) === undefined && isState(operands.get(name)) && alike(name);
  });
}

/** The output of a norm that reads the last block's output directly, whole or written out in its parts. */
function finalNorm(
  model: OnnxModel,
  last: string,
  users: ReadonlyMap<string, readonly OnnxNode[]>,
  operands: ReadonlyMap<string, Operand>,
): string | undefined {
  const readers = users.get(last) ?? [];
  const whole = readers.find(({ operator }) => operator === 'LayerNormalization');
  if (whole) return whole.outputs[0];
  const scope = readers.find((node) => /(norm|ln)[^.]*$/i.test(node.scope))?.scope;
  if (scope === undefined) return undefined;
  const inside = model.nodes.filter((node) => node.scope === scope).flatMap(({ outputs }) => outputs);
  return inside
    .filter(
      (name) =>
        isState(operands.get(name)) && sameShape(operands.get(name)?.shape ?? [], operands.get(last)?.shape ?? []),
    )
    .at(-1);
}
