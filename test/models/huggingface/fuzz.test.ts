/** Damaged JSON of a checkpoint: each of 2,100 files opens or is refused in words, and opens no further harm. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { matmul, slice } from '../../../src/graph/operators.ts';
import { openCheckpoint } from '../../../src/models/huggingface/open-checkpoint.ts';
import { openTokenizer } from '../../../src/models/huggingface/tokenizer.ts';
import { openWeightFiles } from '../../../src/models/huggingface/weight-files.ts';
import type { Network } from '../../../src/models/network.ts';
import { copyFixture } from './copied-fixture.ts';

const values = [
  null,
  true,
  -1,
  0,
  1,
  2,
  0.5,
  3,
  64,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e-9,
  '',
  'x',
  '../x',
  [],
  {},
  [[1]],
  { a: 1 },
];

/** Changes one place of a JSON value: another value, a key less, a key's value under another key, or a list cut. */
function mutate(json: unknown, rng: Rng): unknown {
  if (typeof json !== 'object' || json === null || Object.keys(json).length === 0) return rng.choice(values);
  const [key, other] = [rng.choice(Object.keys(json)), rng.choice(Object.keys(json))];
  const copy = (Array.isArray(json) ? [...json] : { ...json }) as Record<string, unknown>;
  const inside = copy[key];
  if (typeof inside === 'object' && inside !== null && rng.chance(0.7)) copy[key] = mutate(inside, rng);
  else if (rng.chance(0.6)) copy[key] = rng.choice(values);
  else if (rng.chance(0.5)) delete copy[key];
  else copy[other] = inside;
  return Array.isArray(json) ? Object.values(copy) : copy;
}

/** Some places of the JSON changed, or some bytes of its text, or its end cut off. */
function damaged(text: string, rng: Rng): string {
  if (rng.chance(0.8)) {
    let json: unknown = JSON.parse(text);
    for (let i = rng.integer(1, 3); i > 0; i--) json = mutate(json, rng);
    return JSON.stringify(json);
  }
  const at = rng.integer(0, text.length - 1);
  if (rng.chance(0.3)) return text.slice(0, at);
  return text.slice(0, at) + String.fromCharCode(rng.integer(0, 300)) + text.slice(at + rng.integer(0, 2));
}

/** Writes a forward pass at a small shape, on weights as inputs. */
function buildSmall(network: Network): void {
  const graph = new Graph();
  const weights = new Map([...network.weights].map(([name, { shape }]) => [name, graph.input(name, shape)]));
  const weight = (name: string) => weights.get(name) as ReturnType<Graph['input']>;
  const [batch, tokens] = [2, Math.min(4, network.maxTokens)];
  const rows = (name: string) => graph.input(name, [batch], 'int32');
  const inputs = { graph, batch, tokens, ids: graph.input('ids', [batch, tokens], 'int32') };
  const outputs = network.build(
    { ...inputs, lastPositions: rows('positions'), lastRows: rows('rows') },
    {
      weight,
      linear: (x, name, { transposed = false, outputs } = {}) =>
        matmul(x, outputs ? slice(weight(name), transposed ? 0 : 1, ...outputs) : weight(name), {
          transposeB: transposed,
        }),
    },
    'last',
  );
  outputs.nextTokenLogits?.();
}

const fixtures = ['gpt2', 'gpt-neox', 'llama', 'llama-scaled-bf16-sharded', 'qwen3', 'bert'].map((name) => {
  const copy = copyFixture(name);
  return { name, copy, text: (file: string) => readFileSync(`${copy.directory}/${file}`, 'utf8') };
});
// The tokenizer library warns of what it does not know before it throws.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
  for (const { copy } of fixtures) copy.dispose();
});

const cases: [string, string, number, (directory: string) => Promise<unknown>][] = [
  [
    'config.json',
    'llama-scaled-bf16-sharded',
    100,
    async (directory) => buildSmall((await openCheckpoint(directory)).network),
  ],
  ...fixtures.map(({ name }): (typeof cases)[number] => [
    'config.json',
    name,
    120,
    async (directory) => buildSmall((await openCheckpoint(directory)).network),
  ]),
  ...fixtures.map(({ name }): (typeof cases)[number] => [
    'tokenizer.json',
    name,
    120,
    async (directory) => {
      const tokenizer = await openTokenizer(directory, 320);
      tokenizer.decode(tokenizer.encode('def f(x): été 🙂\n'));
    },
  ]),
  ['tokenizer_config.json', 'bert', 200, async (directory) => (await openTokenizer(directory, 320)).encode('')],
  [
    'model.safetensors.index.json',
    'llama-scaled-bf16-sharded',
    600,
    async (directory) => (await openWeightFiles(directory)).close(),
  ],
];

describe('damaged JSON', () => {
  it('is tried often enough', () => {
    expect(cases.reduce((sum, [, , times]) => sum + times, 0)).toBeGreaterThanOrEqual(2000);
  });

  it.each(cases)('%s of %s, %i times', async (file, name, times, act) => {
    const { copy, text } = fixtures.find((fixture) => fixture.name === name) as (typeof fixtures)[number];
    const whole = text(file);
    const rng = createRng(1, file, name);
    let refused = 0;
    for (let i = 0; i < times; i++) {
      const content = damaged(whole, rng);
      copy.write(file, content);
      const error = await act(copy.directory).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) {
        refused++;
        if (!(error instanceof UserError)) throw new Error(`try ${i}: ${content.slice(0, 2000)}`, { cause: error });
        expect(error.message.length).toBeLessThan(2000);
      }
    }
    copy.write(file, whole);
    await act(copy.directory);
    expect(refused).toBeGreaterThan(times / 10);
  });
});
