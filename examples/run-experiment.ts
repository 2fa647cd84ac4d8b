/**
 * An experiment from a program: a small world, two techniques, the table on the terminal.
 * Run it: npx node examples/run-experiment.ts [directory for the run]
 */
import { buildViewModel, createWorld, renderTerminal, resolveConfig, runExperiment } from '../src/index.ts';

const config = resolveConfig(
  {
    preset: 'quick',
    settings: [{ id: 'diamond-vault', options: { trainExamples: 300, validationExamples: 80 } }],
    techniques: ['evidence-probe', 'measurement-gap'],
    model: { width: 32, layers: 2, heads: 2 },
  },
  { threads: 2 },
);
const finished = await runExperiment(config, {
  out: process.argv[2] ?? 'runs',
  world: createWorld(),
  observer: { finished: (_step, { label, seconds }) => console.error(`${label}: ${seconds} s`) },
  signal: new AbortController().signal,
});
console.log(renderTerminal(buildViewModel(finished), { width: 100 }));
