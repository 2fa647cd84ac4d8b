import { type Command, Option } from 'commander';
import type { Paths } from '../../experiments/outlook.ts';
import type { FinishedRun } from '../../experiments/run.ts';
import type { RunConfig } from '../../experiments/run-config.ts';
import { abortOnInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../parse.ts';
import { createWorld, defaultThreads } from '../world.ts';

export interface RunFlags {
  readonly preset?: string;
  readonly setting?: string;
  readonly techniques?: string[];
  readonly model?: string;
  readonly offline?: true;
  readonly seed?: number;
  readonly seeds?: number;
  readonly limit?: number;
  readonly out: string;
  readonly threads?: number;
  readonly device?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly quiet?: true;
}

export function addRun(program: Command): void {
  program
    .command('run')
    .summary('run or resume an experiment')
    .description('Run or resume an experiment. What an earlier run finished is not done again.')
    .argument('[config]', 'YAML or JSON file; without it the preset alone decides')
    .option(
      '--preset <id>',
      'quick (one or two minutes), default (some minutes) or full (default on 3 seeds); longer with --model, see --dry-run',
    )
    .option('--setting <id>', 'run on this setting, with its default options')
    .option('--techniques <ids>', 'comma-separated technique ids', (ids) => ids.split(',').map((id) => id.trim()))
    .option(
      '--model <source>',
      'start from a pretrained model: a Hugging Face directory or id (owner/name), or an .onnx file',
    )
    .option('--offline', 'take models and data of the hub from the cache only')
    .addOption(new Option('--seed <n>', 'the one seed to run').argParser(wholeNumber).conflicts('seeds'))
    .option('--seeds <n>', 'run seeds 0 to n − 1', wholeNumber)
    .option('--limit <n>', 'keep only the first n examples of every split', wholeNumber)
    .option('--out <dir>', 'where runs and their artifacts go', 'runs')
    .option('--threads <n>', 'threads of the engine (default: one per core, at most 8)', wholeNumber)
    .option('--device <id>', 'cpu, webgpu or cuda')
    .option('--dry-run', 'only list the steps, with estimated time and memory')
    .option('--json', 'print the run record as JSON on stdout')
    .option('--quiet', 'no progress')
    .action(async (file: string | undefined, flags: RunFlags) => {
      const { resolveConfig } = await import('../../experiments/config.ts');
      const { readConfigFile } = await import('../config-file.ts');
      const written = file === undefined ? {} : await readConfigFile(file);
      const { requireDevice } = await import('../../graph/devices.ts');
      const { findModel } = await import('../find-model.ts');
      const resolved = resolveConfig(withFlags(written, flags), { threads: defaultThreads() });
      await requireDevice(resolved.device);
      const signal = abortOnInterrupt();
      const { findData } = await import('../find-data.ts');
      const access = { offline: flags.offline, quiet: flags.quiet, signal };
      const { config: withModel, modelPath } = await findModel(resolved, access);
      const found = { modelPath, ...(await findData(withModel, access)) };
      if (flags.dryRun) {
        const { printDryRun } = await import('../dry-run.ts');
        const { config, ...paths } = found;
        return printDryRun(config, { out: flags.out, json: flags.json, ...paths });
      }
      await run(found, flags, signal);
    });
}

/** Flags override the file; what a flag leaves out stays as the file or the preset has it. */
function withFlags(written: unknown, flags: RunFlags): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return written;
  const { preset, setting, techniques, model, seed, seeds, limit, threads, device } = flags;
  return {
    ...written,
    ...(preset !== undefined && { preset }),
    ...(setting !== undefined && { settings: [setting] }),
    ...(techniques !== undefined && { techniques }),
    ...(model !== undefined && { model: withSource(written, model) }),
    ...(seed !== undefined && { seeds: [seed] }),
    ...(seeds !== undefined && { seeds: Array.from({ length: seeds }, (_, i) => i) }),
    ...(limit !== undefined && { limit }),
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { device }),
  };
}

/** How texts are cut and read may stay; revision and digest belong to the model that was there before. */
function withSource(written: object, source: string): object {
  const { model } = written as { model?: unknown };
  if (typeof model !== 'object' || model === null || !('source' in model)) return { source };
  return { ...model, source, revision: undefined, digest: undefined };
}

/** A config whose model and data are pinned, and where they are. */
interface Found extends Paths {
  readonly config: RunConfig;
}

async function run({ config, ...paths }: Found, flags: RunFlags, signal: AbortSignal): Promise<void> {
  const { runExperiment, prepareRun } = await import('../../experiments/run.ts');
  const { createProgress } = await import('../progress.ts');
  const world = createWorld();
  const { plan } = prepareRun(config, { out: flags.out, world });
  const progress = createProgress(plan.steps, { quiet: flags.quiet === true });
  const { observer } = progress;
  const finished = await runExperiment(config, { out: flags.out, world, ...paths, observer, signal }).finally(
    progress.close,
  );
  await present(finished, flags);
}

async function present({ directory, record, scores, examples }: FinishedRun, flags: RunFlags): Promise<void> {
  const { buildViewModel } = await import('../../reports/build-view-model.ts');
  const { writeHtmlReport } = await import('../html-report.ts');
  const view = buildViewModel({ record, scores, examples });
  await writeHtmlReport(directory, view);
  if (flags.json) {
    console.log(JSON.stringify(record));
    return;
  }
  const { renderTerminal } = await import('../../reports/render-terminal.ts');
  const { columns = 100, isTTY = false } = process.stdout;
  process.stdout.write(renderTerminal(view, { width: columns, color: isTTY }));
  console.log(`\nWritten to ${directory}: report.html, record.json, scores.parquet`);
}
