import { foresee, type Paths } from '../experiments/outlook.ts';
import { prepareRun } from '../experiments/run.ts';
import type { RunConfig } from '../experiments/run-config.ts';
import { duration } from './duration.ts';
import { createWorld } from './world.ts';

/** Prints the steps of a run with expected time and memory, and does nothing. */
export async function printDryRun(
  config: RunConfig,
  { out, json, ...paths }: { readonly out: string; readonly json?: true | undefined } & Paths,
) {
  const { plan, directory, store } = prepareRun(config, { out, world: createWorld() });
  const outlook = await foresee(plan, store, paths);
  if (json) {
    console.log(JSON.stringify({ directory, ...outlook }));
    return;
  }
  const width = Math.max(...outlook.steps.map(({ label }) => label.length));
  for (const { label, done, seconds } of outlook.steps) {
    console.log(`${label.padEnd(width)}  ${done ? 'done already' : `about ${duration(seconds)}`}`);
  }
  const memory = `${(outlook.bytes / 1e9).toFixed(1)} GB of memory`;
  console.log(
    `\nabout ${duration(outlook.seconds)} in all with ${config.threads} threads, ${memory}; would write ${directory}`,
  );
}
