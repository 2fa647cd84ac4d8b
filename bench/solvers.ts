/**
 * The convex solvers against scikit-learn at 2 threads, on rows like a transformer's activations; taken alternately, medians.
 * `TOUCHSTONE_PEER_PYTHON=<python with scikit-learn> node bench/solvers.ts [small|large] [rows]` (bench/peers/README.md);
 * `rows` is a part of the names of the rows to take. Each fit is
 * from rows in memory to the fitted result. `default` rows are the peer's defaults; others name the faster choices it has.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Matrix } from '../src/core/models.ts';
import { fitLda } from '../src/solvers/lda.ts';
import { fitLogisticRegression } from '../src/solvers/logistic-regression.ts';
import { matrixRows } from '../src/solvers/matrix-rows.ts';
import { fitPca } from '../src/solvers/pca.ts';
import type { RowSource } from '../src/solvers/row-source.ts';
import { fitShrunkCovariance } from '../src/solvers/shrinkage-covariance.ts';
import { type BenchData, solverData } from './solver-data.ts';

type Answer = Readonly<Record<string, unknown>>;

interface Row {
  readonly name: string;
  readonly ours: (source: RowSource, labels: Uint8Array) => Promise<Answer>;
  readonly peer: Readonly<Record<string, unknown>>;
  /** How far apart the results are, and whether that is little enough. */
  readonly agreement: (ours: Answer, peer: Answer, data: BenchData) => string;
}

const threads = 2;
const sizes = [
  { size: 'small', rows: 10_000, columns: 512, repeats: 7 },
  { size: 'large', rows: 50_000, columns: 2048, repeats: 3 },
];

const python = process.env.TOUCHSTONE_PEER_PYTHON;
const peer = python === undefined ? undefined : startPeer(python);
if (!peer) console.log('The peer is absent: set TOUCHSTONE_PEER_PYTHON to a Python that has scikit-learn.');
for (const { size, rows, columns, repeats } of sizes) {
  if (process.argv[2] !== undefined && process.argv[2] !== size) continue;
  for (const form of ['raw', 'standardized'] as const) {
    const data = await solverData(join(tmpdir(), 'touchstone-bench'), rows, columns, form);
    const loaded = await peer?.ask({ load: data.rowsPath, labels: data.labelsPath, rows, columns });
    console.log(`${rows} × ${columns}, ${form}, float32, ${threads} threads, medians; peer ${JSON.stringify(loaded)}`);
    console.log(
      '                                     ours s   peer s   ratio   float64  n (fits of each; one of the peer in float64)',
    );
    // Only how fast an iterative fit converges depends on the scales of the columns.
    const forms = benchRows(rows).filter(({ name }) => form === 'raw' || name.startsWith('logistic'));
    for (const row of forms.filter(({ name }) => name.includes(process.argv[3] ?? '')))
      await measure(row, data, repeats);
  }
}
peer?.end();

function benchRows(n: number): readonly Row[] {
  const l2 = 1 / (2 * n);
  const logistic = (name: string, solver: string): Row => ({
    name,
    ours: async (source, labels) => ({ ...(await fitLogisticRegression(source, labels, { l2, threads })) }),
    peer: { fit: 'logistic-regression', l2, tolerance: 1e-6, solver },
    agreement: (ours, theirs, data) => objectives(ours, theirs, data, l2),
  });
  const pca = (components: number, solver: string): Row => ({
    name: `PCA k=${components}, ${solver}`,
    ours: async (source) => ({ ...(await fitPca(source, { components, threads })) }),
    peer: { fit: 'pca', components, solver },
    agreement: (ours, theirs) => variances(ours.variances as Float64Array, theirs.variances as readonly number[]),
  });
  const ledoitWolf: Row = {
    name: 'Ledoit–Wolf, no precision',
    ours: async (source) => ({ ...(await fitShrunkCovariance(source, { shrinkage: 'ledoit-wolf', threads })) }),
    peer: { fit: 'ledoit-wolf', inverse: false },
    agreement: (ours, theirs) => `shrinkage ${relative(ours.shrinkage as number, theirs.shrinkage as number)} apart`,
  };
  const lda = (name: string, shrinkage: 'none' | 'ledoit-wolf', solver: string): Row => ({
    name,
    ours: async (source, labels) => ({ ...(await fitLda(source, labels, { shrinkage, threads })) }),
    peer: { fit: 'lda', solver, ...(shrinkage === 'none' ? {} : { shrinkage: 'auto' }) },
    agreement: (ours, theirs) =>
      `direction ${angle(ours.weights as Float64Array, theirs.weights as readonly number[]).toExponential(0)} apart`,
  });
  return [
    logistic('logistic regression, newton-cholesky', 'newton-cholesky'),
    logistic('logistic regression, lbfgs (default)', 'lbfgs'),
    ...[32, 128].flatMap((k) => [pca(k, 'covariance_eigh'), pca(k, 'auto')]),
    ledoitWolf,
    lda('LDA, lsqr', 'none', 'lsqr'),
    lda('LDA, lsqr, Ledoit–Wolf', 'ledoit-wolf', 'lsqr'),
    // At the large size the peer's default takes minutes and over 3 GB.
    ...(n <= 10_000 ? [lda('LDA, svd (default)', 'none', 'svd')] : []),
  ];
}

async function measure(row: Row, data: BenchData, repeats: number): Promise<void> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  const source = matrixRows(data.rows);
  let own: Answer = {};
  let other: Answer = {};
  const first = await peer?.ask({ ...row.peer, precision: 'float32' });
  // A peer that takes long is asked less often.
  const seconds = (first?.seconds ?? 0) as number;
  const rounds = seconds > 20 ? 1 : seconds > 2 ? 3 : repeats;
  await row.ours(source, data.labels);
  for (let repeat = 0; repeat < rounds; repeat++) {
    const start = performance.now();
    own = await row.ours(source, data.labels);
    ours.push((performance.now() - start) / 1000);
    other = rounds === 1 ? (first ?? {}) : ((await peer?.ask({ ...row.peer, precision: 'float32' })) ?? {});
    theirs.push(other.seconds as number);
  }
  const a = median(ours);
  if (!first) return console.log(`${row.name.padEnd(38)}${a.toFixed(3)}`);
  const b = median(theirs);
  const double = data.rows.columns > 1000 ? undefined : await peer?.ask({ ...row.peer, precision: 'float64' });
  const numbers = [
    a.toFixed(3),
    b.toFixed(3),
    (a / b).toFixed(2),
    (double?.seconds as number)?.toFixed(3) ?? '–',
    `${rounds}`,
  ];
  console.log(`${row.name.padEnd(38)}${numbers.map((x) => x.padEnd(8)).join(' ')} ${row.agreement(own, other, data)}`);
}

/** The objective from its definition in float64, at both ends; ours may be below, since the peer stops in float32. */
function objectives(ours: Answer, theirs: Answer, data: BenchData, l2: number): string {
  const a = objective(data, ours.weights as Float64Array, ours.bias as number, l2);
  const b = objective(data, Float64Array.from(theirs.weights as readonly number[]), theirs.bias as number, l2);
  const gap = (a - b) / b;
  const iterations = `${ours.iterations} and ${theirs.iterations} iterations`;
  return `objective ${a.toFixed(9)}, relative to the peer's ${gap.toExponential(1)}: ${Math.abs(gap) < 1e-6 ? 'the same' : gap < 0 ? 'the peer stops short' : 'MISSED'}; ${iterations}`;
}

function objective({ rows, labels }: BenchData, weights: Float64Array, bias: number, l2: number): number {
  let loss = 0;
  for (let i = 0; i < rows.rows; i++) {
    const z = bias + dot(rows, i, weights);
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (labels[i] as number) * z;
  }
  return loss / rows.rows + l2 * weights.reduce((sum, w) => sum + w * w, 0);
}

function dot({ columns, data }: Matrix, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (data[row * columns + j] as number) * (weights[j] as number);
  return sum;
}

function variances(ours: Float64Array, theirs: readonly number[]): string {
  const gaps = theirs.map((value, k) => ((ours[k] as number) - value) / value);
  const worst = gaps.reduce((most, gap) => (Math.abs(gap) > Math.abs(most) ? gap : most), 0);
  // The largest sum of variances is what both look for: above the peer's is nearer to it.
  const verdict = worst > -1e-4 ? (worst < 1e-4 ? 'the same' : 'the peer falls short') : 'MISSED';
  return `variances ${worst.toExponential(1)} apart: ${verdict}`;
}

function relative(a: number, b: number): string {
  return (Math.abs(a - b) / Math.abs(b)).toExponential(1);
}

function angle(a: Float64Array, b: readonly number[]): number {
  const product = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x, (value, j) => value * (y[j] as number)).reduce((sum, value) => sum + value, 0);
  return Math.sqrt(Math.max(0, 1 - product(a, b) ** 2 / (product(a, a) * product(b, b))));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function startPeer(command: string) {
  const script = fileURLToPath(new URL('peers/scikit_learn.py', import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn(command, [script, String(threads)]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request: Answer): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('the peer ended before it answered');
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}
