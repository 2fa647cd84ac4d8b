import type { DataSource } from '../../core/settings.ts';
import type { FunctionCorrectnessOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { problems } from './problems/problems.ts';
import { isProblemFile, readProblems } from './read-problems.ts';

/** The problems that the options ask for: those built in, or those at `path`, which is where their source was found. */
export async function problemsOf(
  { problems: given }: FunctionCorrectnessOptions,
  path: string | undefined,
): Promise<readonly Problem[]> {
  return given === undefined ? problems : await readProblems(path ?? given.source, given.format);
}

/** What has to be found first; nothing for the problems that are built in. */
export function problemFiles({ problems: given }: FunctionCorrectnessOptions): DataSource | undefined {
  if (given === undefined) return undefined;
  const { source, revision } = given;
  return { source, wants: isProblemFile, ...(revision !== undefined && { revision }) };
}
