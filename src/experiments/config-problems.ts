/** What the checks of configs have in common: problems with their paths, all at once. */
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import { nearest } from './nearest.ts';

/** A problem with the path it is at; a line for each unknown key, with the nearest known one of its place. */
export function issueLines(issue: z.core.$ZodIssue, schema: z.ZodType): string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || 'config'}: ${issue.message}`];
  const known = keysAt(schema, issue.path);
  const hint = (key: string) => (known.length === 0 ? '' : ` ${nearest(key, known)}`);
  return issue.keys.map((key) => `${path === '' ? key : `${path}.${key}`}: Unknown key.${hint(key)}`);
}

/** Keys of the object at a path of a schema; none where there is no single object. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return keysAt(schema.unwrap(), path);
  }
  const [first, ...rest] = path;
  if (schema instanceof z.ZodArray && first !== undefined) return keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return first === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(first)], rest);
}

export function configError(problems: readonly string[]): UserError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  return new UserError('bad-config', `Expected the config to be valid, got ${count}. Mend:\n${lines}`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
