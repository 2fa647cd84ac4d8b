import { Command, CommanderError } from 'commander';
import { TouchstoneError, UserError } from '../core/errors.ts';
import { addAudit } from './commands/audit.ts';
import { addCompare } from './commands/compare.ts';
import { addDetect } from './commands/detect.ts';
import { addGenerate } from './commands/generate.ts';
import { addInit } from './commands/init.ts';
import { addInspect } from './commands/inspect.ts';
import { addList } from './commands/list.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { packageVersion } from './world.ts';

const firstSteps = `Tell real successes from faked ones.

Try first:
  touchstone run --preset quick      a whole experiment in under two minutes
  touchstone init results.csv        your own data: a config that says which column is what
  touchstone inspect results.csv     your own data: could tampering be detected in it?
  touchstone detect results.csv      your own data: which positives can be believed?
  touchstone list techniques         what there is, and what each needs
  touchstone audit evidence-probe    proof that a technique cannot see ground truth
  touchstone --help                  every command
`;

/** Dispatches to a command; returns the exit code: 0 done, 1 the run failed, 2 the user's input is wrong. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    console.log(firstSteps);
    return 0;
  }
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    return report(error);
  }
}

function createProgram(): Command {
  const program = new Command('touchstone')
    .description('Tell real successes from faked ones when the signal that says "success" may have been tampered with.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of [addRun, addList, addGenerate, addReport, addCompare, addAudit, addInit, addInspect, addDetect])
    add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Says what went wrong, without a stack where the user or the machine is at fault. */
function report(error: unknown): number {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isAbort(error)) {
    console.error('Stopped. Finished steps are kept: the same command goes on from there.');
    return 1;
  }
  if (error instanceof TouchstoneError) {
    console.error(`touchstone: ${error.message}`);
    return error instanceof UserError ? 2 : 1;
  }
  console.error('touchstone: an unexpected fault; please report it with what stands below.');
  console.error(error);
  return 1;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
