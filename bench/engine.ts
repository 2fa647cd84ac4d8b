/**
 * The engine against eager PyTorch, on the same weights and batches, taken alternately in one run.
 * `node bench/engine.ts [repeats=7] [row]`; `TOUCHSTONE_PEER_PYTHON` names a Python with PyTorch (bench/peers/README.md).
 *
 * Rows: one AdamW step of (a) 4 layers, width 128 and (b) 6 layers, width 384, 16 × 128 tokens each; (c) forward only;
 * (d) an epoch of the diamond-vault predictor with its real lengths, ours in length buckets, the peer's random batches
 * padded to their longest example. The loss reads last tokens, so ours computes most of the last block there alone; in
 * rows marked `every token read` the heads read the mean of all tokens, and both sides do the same arithmetic. The share
 * of the GEMM rate is the peer's arithmetic in our time, over the faster side's rate on 1024³ products in the same run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../src/core/random.ts';
import { type Architecture, initialWeights } from '../src/models/architecture.ts';
import { batchesOf } from '../src/models/batching.ts';
import { trainingConfig } from '../src/models/config.ts';
import { encodeSafetensors } from '../src/models/safetensors.ts';
import { tokenizerConfig, trainTokenizer } from '../src/models/tokenizer-training.ts';
import { diamondVault } from '../src/settings/diamond-vault/diamond-vault.ts';
import { type Contestant, ours, peer } from './contestants.ts';
import type { BenchBatch } from './engine-worker.ts';

/** Aggregate, ground truth and three measurements. */
const outputs = 5;
const lossWeights = [0.3, 0, 0.7, 0.7, 0.7];
const repeats = Number(process.argv[2] ?? 7);
const training = { ...trainingConfig.parse({}), learningRate: 1e-3 };
const python = process.env.TOUCHSTONE_PEER_PYTHON;
const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));

interface Task {
  readonly title: string;
  readonly architecture: Architecture;
  readonly batchSize: number;
  readonly kind: 'train' | 'forward';
  /** Heads read the mean of every token's state instead of the last token's. */
  readonly everyToken: boolean;
  /** Batches on which both sides must agree, then what one repeat of each side computes. */
  readonly shared: readonly BenchBatch[];
  readonly ours: readonly BenchBatch[];
  readonly peers: readonly BenchBatch[];
  /** Floating-point operations of the peer's repeat. */
  readonly operations: number;
}

interface Answer {
  readonly milliseconds: number;
  readonly losses: readonly number[];
  readonly peakBytes: number;
}

function stepsAndForwards(): Task[] {
  const shared = { maxTokens: 128, vocabulary: 512 };
  const small = { layers: 4, width: 128, heads: 4, ...shared };
  const large = { layers: 6, width: 384, heads: 6, ...shared };
  return [
    fixed('(a) step, 4 × 128', small, 'train', 5),
    fixed('(b) step, 6 × 384', large, 'train', 1),
    fixed('(a) step, every token read', small, 'train', 5, true),
    fixed('(b) step, every token read', large, 'train', 1, true),
    fixed('(c) forward, 4 × 128', small, 'forward', 10),
    fixed('(c) forward, 6 × 384', large, 'forward', 2),
  ];
}

function fixed(title: string, architecture: Architecture, kind: Task['kind'], count: number, everyToken = false): Task {
  const shared = randomBatches(5, architecture);
  const once = Array.from({ length: count }, (_, i) => shared[i % 5] as BenchBatch);
  const { width, layers, maxTokens } = architecture;
  const forward = 16 * maxTokens * (24 * width ** 2 * layers + 4 * maxTokens * width * layers);
  const operations = (kind === 'train' ? 3 : 1) * forward;
  return { title, architecture, batchSize: 16, kind, everyToken, shared, ours: once, peers: once, operations };
}

function randomBatches(count: number, { maxTokens, vocabulary }: Architecture): BenchBatch[] {
  const rng = createRng(0, 'bench-batches');
  return Array.from({ length: count }, () => ({
    tokens: Array.from({ length: 16 }, () => Array.from({ length: maxTokens }, () => rng.integer(2, vocabulary - 1))),
    targets: Array.from({ length: 16 }, () => Array.from({ length: outputs }, () => rng.integer(0, 1))),
    weights: Array.from({ length: 16 }, () => lossWeights),
    bucket: maxTokens,
  }));
}

/** (d): the same examples in our length buckets, and in random batches. */
async function epoch(): Promise<Task> {
  const options = diamondVault.options.parse({ trainExamples: 4_000, validationExamples: 200 });
  const signal = new AbortController().signal;
  const { splits } = await diamondVault.load(options, { seed: 0, threads: 2, progress: () => {}, signal });
  const examples = splits.train;
  const texts = examples.map(({ text }) => text);
  const tokenizer = trainTokenizer(texts, tokenizerConfig.parse({}));
  const encoded = texts.map((text) => Array.from(tokenizer.encode(text)));
  const architecture = { layers: 4, width: 64, heads: 4, maxTokens: 160, vocabulary: tokenizer.vocabulary };
  const batchOf = (bucket: number, rows: readonly number[]): BenchBatch => ({
    bucket,
    tokens: rows.map((row) => encoded[row] as number[]),
    targets: rows.map((row) => {
      const measurements = examples[row]?.measurements ?? [];
      return [Number(measurements.every(Boolean)), 0, ...measurements.map(Number)];
    }),
    weights: rows.map(() => lossWeights),
  });
  const { batchSize } = training;
  const lengths = encoded.map(({ length }) => length);
  const buckets = batchesOf(lengths, { batchSize, maxTokens: 160 }, createRng(0, 'bench-buckets'));
  const bucketed = buckets.map(({ bucket, rows }) => batchOf(bucket, rows));
  const order = createRng(0, 'bench-order').shuffle(examples.map((_, row) => row));
  const starts = Array.from({ length: Math.ceil(order.length / batchSize) }, (_, i) => i * batchSize);
  return {
    title: `(d) epoch of ${examples.length.toLocaleString('en')} diamond-vault examples`,
    ...{ architecture, batchSize, kind: 'train', everyToken: false },
    shared: bucketed.slice(0, 5),
    ours: bucketed,
    peers: starts.map((start) => batchOf(160, order.slice(start, start + batchSize))),
    operations: Number.NaN,
  };
}

async function race(task: Task, threads: number): Promise<string[]> {
  const contestants = [ours(), ...(python ? [peer(python)] : [])];
  await setUp(task, threads, contestants);
  const range = (start: number, length: number) => Array.from({ length }, (_, i) => start + i);
  const shared = range(0, task.shared.length);
  const work = [range(shared.length, task.ours.length), range(shared.length + task.ours.length, task.peers.length)];
  const agreed = await everyone(contestants, () => ({ run: task.kind, batches: shared }));
  const rates = await everyone(contestants, () => ({ run: 'gemm', size: 1024, threads }));
  const times: number[][] = contestants.map(() => []);
  let last: Answer[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    last = await everyone(contestants, (i) => ({ run: task.kind, batches: work[i] }));
    // The first round only warms up.
    if (repeat > 0) for (const [i, { milliseconds }] of last.entries()) times[i]?.push(milliseconds);
  }
  for (const contestant of contestants) contestant.stop();
  return row(task, threads, times, last, agreed, rates as unknown as { flopsPerSecond: number }[]);
}

async function setUp(task: Task, threads: number, contestants: readonly Contestant[]): Promise<void> {
  const files = { weights: join(folder, 'weights.safetensors'), batches: join(folder, 'batches.json') };
  const tensors = initialWeights(task.architecture, outputs, 0);
  writeFileSync(files.weights, encodeSafetensors({ tensors, metadata: {} }));
  writeFileSync(files.batches, JSON.stringify([...task.shared, ...task.ours, ...task.peers]));
  const { architecture, batchSize, everyToken } = task;
  const { layers, width, heads } = architecture;
  const config = { layers, width, heads, outputs, everyToken };
  const setup = { threads, training, ...files, config, architecture, batchSize, everyToken, outputs };
  await everyone(contestants, () => setup);
}

async function everyone(contestants: readonly Contestant[], command: (i: number) => object): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [i, contestant] of contestants.entries()) answers.push((await contestant.ask(command(i))) as Answer);
  return answers;
}

function row(
  task: Task,
  threads: number,
  times: readonly number[][],
  last: readonly Answer[],
  agreed: readonly Answer[],
  rates: readonly { readonly flopsPerSecond: number }[],
): string[] {
  const count = task.ours === task.peers ? task.ours.length : 1;
  const [mine, theirs] = times;
  const ratio = theirs && median(theirs.map((time, i) => (mine?.[i] as number) / time));
  const best = Math.max(...rates.map(({ flopsPerSecond }) => flopsPerSecond));
  const share = task.operations / (median(mine ?? []) / count / 1000) / best;
  return [
    task.title,
    `${threads}`,
    ...[mine, theirs].map((list) => (list ? (median(list) / count).toFixed(1) : 'absent')),
    ratio === undefined ? '' : ratio.toFixed(2),
    Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : '',
    (best / 1e9).toFixed(0),
    ...[0, 1].map((i) => (last[i] ? (last[i].peakBytes / 2 ** 20).toFixed(0) : '')),
    agreement(task, agreed),
  ];
}

/** The largest difference of the losses of the first 5 steps. @throws when it exceeds 1e-4. */
function agreement({ kind, title }: Task, [mine, theirs]: readonly Answer[]): string {
  if (kind === 'forward' || !mine || !theirs) return '';
  const difference = Math.max(...mine.losses.map((loss, i) => Math.abs(loss - (theirs.losses[i] as number))));
  if (!(difference < 1e-4)) throw new Error(`${title}: losses differ by ${difference}`);
  return difference.toExponential(1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const columns = [
  'row',
  'threads',
  'ours, ms',
  'PyTorch, ms',
  'ratio',
  'share of GEMM rate',
  'GEMM GFLOP/s',
  'peak MiB',
  'peer MiB',
  'loss difference',
];
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.versions.node}; medians of ${repeats} repeats`,
);
if (!python) console.log('PyTorch is absent: set TOUCHSTONE_PEER_PYTHON as bench/peers/README.md says.');
console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|`);
for (const task of [...stepsAndForwards(), await epoch()]) {
  if (process.argv[3] && !task.title.startsWith(process.argv[3])) continue;
  for (const threads of [2, 1]) console.log(`| ${(await race(task, threads)).join(' | ')} |`);
}
rmSync(folder, { recursive: true });
