/**
 * Time, categories and length of the diamond-vault setting: `node bench/diamond-vault.ts [trainExamples] [threads] [seed]`.
 */
import { availableParallelism } from 'node:os';
import { aggregateMeasurement, type Example } from '../src/core/examples.ts';
import { createRng } from '../src/core/random.ts';
import { diamondVault } from '../src/settings/diamond-vault/diamond-vault.ts';
import { easyActions } from '../src/settings/diamond-vault/easy-actions.ts';
import { execute } from '../src/settings/diamond-vault/execute.ts';
import { hardActions } from '../src/settings/diamond-vault/hard-actions.ts';
import { outcomeOf } from '../src/settings/diamond-vault/outcome.ts';
import { poolsOf, sampleDraft, writeProgram } from '../src/settings/diamond-vault/program.ts';

const [trainExamples = 25_000, threads = availableParallelism(), seed = 0] = process.argv.slice(2).map(Number);

naturalRates('easy actions', easyActions);
naturalRates('easy and hard actions', [...easyActions, ...hardActions]);
await dataset();

/** Outcomes of programs as they are sampled, before any is rejected. */
function naturalRates(title: string, pool: typeof easyActions): void {
  const rng = createRng(seed, 'bench');
  const pools = poolsOf(pool);
  const programs = Array.from({ length: 20_000 }, () => writeProgram(sampleDraft(pools, rng), rng));
  const counts = new Map<string, number>();
  const start = performance.now();
  for (const program of programs) {
    const outcome = outcomeOf(execute(program), { trusted: false, diamondNeeded: true });
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`\n${title}: ${Math.round(programs.length / seconds)} executions per second on one thread`);
  for (const [outcome, count] of [...counts].sort()) {
    console.log(`  ${outcome.padEnd(26)} ${((100 * count) / programs.length).toFixed(2)} %`);
  }
}

async function dataset(): Promise<void> {
  const options = diamondVault.options.parse({ trainExamples });
  const signal = new AbortController().signal;
  const start = performance.now();
  const { splits, notes } = await diamondVault.load(options, { seed, threads, progress: () => {}, signal });
  const seconds = (performance.now() - start) / 1000;
  console.log(`\n${trainExamples} training examples and validation: ${seconds.toFixed(1)} s on ${threads} threads`);
  console.table(notes.counts);
  console.log('dropped', notes.dropped);
  for (const [split, examples] of Object.entries(splits)) describeLength(split, examples);
  for (const example of splits.train.filter(aggregateMeasurement).slice(0, 3)) {
    console.log(
      `\n${example.id}, ${example.groundTruth ? 'real' : 'fake'}, trusted: ${example.trusted}\n${example.text}`,
    );
  }
}

function describeLength(split: string, examples: readonly Example[]): void {
  const mean = (values: readonly number[]) =>
    (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);
  const words = examples.map(({ text }) => text.match(/\w+|[^\w\s]+/g)?.length ?? 0);
  const characters = mean(examples.map(({ text }) => text.length));
  console.log(
    `${split}: mean ${characters} characters, ${mean(words)} words and runs of marks, at most ${Math.max(...words)}`,
  );
}
