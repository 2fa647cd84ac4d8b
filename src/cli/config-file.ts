import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { UserError } from '../core/errors.ts';

/**
 * A config file as plain data; JSON is YAML too.
 * @throws UserError when it is missing, unreadable or no YAML, naming the line.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'no such file' : (error.code ?? error.message);
    throw new UserError(
      'config-file',
      `Expected ${path} to be a config file, got ${got}. Check the path, or leave it out to use a preset.`,
    );
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault === undefined) return plainOf(document, path) ?? {};
  const line = fault.linePos?.[0].line ?? 1;
  throw new UserError(
    'config-file',
    `Expected ${path} to be YAML or JSON, got a fault in line ${line}: ${fault.message.split('\n')[0]}. Mend that line.`,
  );
}

/** Aliases that multiply without end are refused. */
function plainOf(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const got = (error as Error).message;
    throw new UserError('config-file', `Expected ${path} to be YAML or JSON, got: ${got}. Write it without aliases.`);
  }
}
