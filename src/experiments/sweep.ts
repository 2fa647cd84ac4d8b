import { describe } from '../core/errors.ts';
import type { SweepPoint } from '../core/records.ts';
import { canonicalJson } from './hashing.ts';
import { nearest } from './nearest.ts';

/** Most points of one sweep. */
const mostPoints = 200;

/** Keys that no sweep may touch, with what to do instead. */
const fixedKeys: Readonly<Record<string, string>> = {
  sweep: 'A sweep has no sweep of its own',
  preset: 'Name the keys that the preset would set',
  seeds: 'Every point runs all seeds already',
  controls: 'Leave the controls on or off for all points',
  'model.source': 'Make one config per pretrained model, then use "touchstone compare"',
  'model.digest': 'Make one config per pretrained model, then use "touchstone compare"',
};

type Values = SweepPoint['values'];
type Grid = Readonly<Record<string, readonly unknown[]>>;

/** What is wrong with a sweep over `config`, before its points are looked at. */
export function sweepFaults(sweep: Grid, config: object): string[] {
  const paths = Object.keys(sweep);
  const points = paths.reduce((product, path) => product * (sweep[path] as readonly unknown[]).length, 1);
  return [
    ...(paths.length === 0 ? ['sweep: Expected at least one key path, got none. Leave the sweep out.'] : []),
    ...(points > mostPoints ? [`sweep: Expected at most ${mostPoints} points, got ${points}. Leave values out.`] : []),
    ...paths.flatMap((path) => pathFaults(path, sweep[path] as readonly unknown[], config)),
  ];
}

function pathFaults(path: string, values: readonly unknown[], config: object): string[] {
  const fixed = Object.keys(fixedKeys).find((key) => path === key || path.startsWith(`${key}.`));
  if (fixed !== undefined) return [`sweep.${path}: Expected another key. ${fixedKeys[fixed]}.`];
  const repeated = new Set(values.map(canonicalJson)).size < values.length;
  const found = changed(config, path.split('.'), values[0]);
  return [
    ...(repeated ? [`sweep.${path}: Expected different values, got one twice.`] : []),
    ...('fault' in found ? [`sweep.${path}: ${found.fault}`] : []),
  ];
}

/** All combinations of a sweep's values, the last key running fastest. */
export function gridOf(sweep: Grid): SweepPoint[] {
  const paths = Object.keys(sweep);
  const combinations = paths.reduce<Values[]>(
    (points, path) =>
      points.flatMap((values) => (sweep[path] as readonly unknown[]).map((value) => ({ ...values, [path]: value }))),
    [{}],
  );
  return combinations.map((values) => ({ name: pointName(values, paths), values }));
}

/** `trainExamples=2000, epochs=1` */
function pointName(values: Values, paths: readonly string[]): string {
  return paths.map((path) => `${shortKey(path, paths)}=${valueText(values[path])}`).join(', ');
}

/** The fewest last segments of a path that tell it from the others. */
function shortKey(path: string, paths: readonly string[]): string {
  const segments = path.split('.');
  const endings = segments.map((_, i) => segments.slice(-1 - i).join('.'));
  const clashes = (ending: string) => paths.some((other) => other !== path && `.${other}`.endsWith(`.${ending}`));
  return endings.find((ending) => !clashes(ending)) ?? path;
}

function valueText(value: unknown): string {
  return typeof value === 'object' ? canonicalJson(value) : String(value);
}

/** The config of one point, as a person would have written it. */
export function configAt(config: object, values: Values): unknown {
  const { sweep: _, ...base } = config as Record<string, unknown>;
  return Object.entries(values).reduce<unknown>((at, [path, value]) => {
    const found = changed(at, path.split('.'), value);
    return 'fault' in found ? at : found.value;
  }, base);
}

type Changed = { readonly value: unknown } | { readonly fault: string };

/** A copy of `target` with the value at a path; an entry of a list goes by its name or id. */
function changed(target: unknown, [key, ...rest]: readonly string[], value: unknown): Changed {
  if (key === undefined) return { value };
  if (Array.isArray(target)) return changedEntry(target, key, rest, value);
  if (typeof target !== 'object' || target === null) {
    return { fault: `Expected a key path of the config, but ${describe(target)} has no key ${describe(key)}.` };
  }
  const inner = changed((target as Record<string, unknown>)[key] ?? (rest.length > 0 ? {} : undefined), rest, value);
  return 'fault' in inner ? inner : { value: { ...target, [key]: inner.value } };
}

function changedEntry(list: readonly unknown[], key: string, rest: readonly string[], value: unknown): Changed {
  const names = list.map((entry) => {
    const { id, as } = entry as { readonly id?: string; readonly as?: string };
    return as ?? id ?? '';
  });
  const at = names.indexOf(key);
  if (at < 0) return { fault: `Expected the name of an entry, got ${describe(key)}. ${nearest(key, names)}` };
  const inner = changed(list[at], rest, value);
  return 'fault' in inner ? inner : { value: list.with(at, inner.value) };
}
