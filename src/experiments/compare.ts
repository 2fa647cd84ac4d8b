import { UserError } from '../core/errors.ts';
import type { Estimate } from '../core/estimates.ts';
import type { JudgedExample, RunRecord, ScoreRow } from '../core/records.ts';
import { auroc, aurocDifference, type Comparison } from '../stats/auroc.ts';
import { holm } from '../stats/multiplicity.ts';
import { pooledAuroc, pooledAurocDifference } from '../stats/pooled-auroc.ts';
import { canonicalJson } from './hashing.ts';

/** A finished run as a comparison reads it. */
export interface ComparedRun {
  readonly record: RunRecord;
  readonly scores: readonly ScoreRow[];
  readonly examples: readonly JudgedExample[];
}

export interface CompareOptions {
  /** Only this split. @default every split that both runs judged */
  readonly split?: string | undefined;
  /** Names of a technique of the left run and one of the right. @default every name that both have */
  readonly techniques?: readonly (readonly [left: string, right: string])[] | undefined;
}

/** Two techniques on the examples that both runs judged. */
export interface ComparedTechnique {
  readonly setting: string;
  readonly split: string;
  readonly point?: string;
  readonly left: string;
  readonly right: string;
  /** Seeds that both runs have. */
  readonly seeds: readonly number[];
  /** Real-vs-fake AUROC of each, on the shared examples. */
  readonly leftAuroc: Estimate;
  readonly rightAuroc: Estimate;
  /** Right minus left. */
  readonly difference: Estimate;
  readonly pValue?: number;
  /** After Holm's correction over the techniques of the setting, split and point. */
  readonly adjustedPValue?: number;
}

export interface RunComparison {
  readonly left: string;
  readonly right: string;
  readonly compared: readonly ComparedTechnique[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
  /** Keys of the config that differ; a side that lacks the key is undefined. */
  readonly differingKeys: readonly { readonly path: string; readonly left?: unknown; readonly right?: unknown }[];
}

/**
 * Compares two runs technique by technique, paired on the real and fake positives that both judged: the same setting,
 * seed, split, id, text and outcome. DeLong's test for one seed, the bootstrap over seeds for several, as within a run.
 * @throws UserError `nothing-shared` when no example or no technique is in both.
 */
export function compareRuns(left: ComparedRun, right: ComparedRun, options: CompareOptions = {}): RunComparison {
  const names = [left, right].map(({ record }) => record.techniques.map(({ id }) => id)) as [string[], string[]];
  const pairs = options.techniques ?? names[0].filter((name) => names[1].includes(name)).map((name) => [name, name]);
  const sides = [index(left), index(right)] as const;
  const parts = sharedParts(left, right).filter(({ split }) => options.split === undefined || split === options.split);
  const compared = parts.flatMap((part) =>
    corrected(pairs.flatMap(([a, b]) => comparedOn(part, [a as string, b as string], sides))),
  );
  if (compared.length === 0) throw nothingShared(left.record.runId, right.record.runId, pairs.length, parts.length);
  return {
    left: left.record.runId,
    right: right.record.runId,
    compared: compared.map(({ estimated, ...rest }) => rest),
    onlyLeft: names[0].filter((name) => !names[1].includes(name)),
    onlyRight: names[1].filter((name) => !names[0].includes(name)),
    differingKeys: differingKeys(left.record.config, right.record.config),
  };
}

function nothingShared(left: string, right: string, techniques: number, parts: number): UserError {
  const got = techniques === 0 ? 'no technique of the same name' : parts === 0 ? 'no split of the same name' : 'none';
  return new UserError(
    'nothing-shared',
    `Expected runs ${left} and ${right} to have judged the same examples with techniques of the same name, got ${got}. Give runs of one setting, options and seed, or name techniques with --technique left:right.`,
  );
}

interface Part {
  readonly setting: string;
  readonly split: string;
  readonly point: string | undefined;
}

/** Settings, splits and points in both. */
function sharedParts(left: ComparedRun, right: ComparedRun): Part[] {
  const parts = [left, right].map(({ record }) => {
    const judged = record.results.filter(({ metric }) => metric === 'real-vs-fake-auroc');
    return new Map(
      judged.map(({ setting, split, point }) => [JSON.stringify([setting, split, point]), { setting, split, point }]),
    );
  }) as [Map<string, Part>, Map<string, Part>];
  return [...parts[0]].flatMap(([key, part]) => (parts[1].has(key) ? [part] : []));
}

interface Row {
  readonly score: number;
  readonly real: boolean;
}

/** Real and fake positives with their scores, by technique and part, then seed, then example. */
type Index = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, Row>>>;

function index({ scores, examples }: ComparedRun): Index {
  const judged = examples.filter(({ category }) => category === 'real-positive' || category === 'fake-positive');
  const known = new Map(
    judged.flatMap((example) => {
      const { setting, seed, split, exampleId, points } = example;
      return (points ?? [undefined]).map((point) => [keyOf(setting, split, point, seed, exampleId), example] as const);
    }),
  );
  const found = new Map<string, Map<number, Map<string, Row>>>();
  for (const { setting, split, point, technique, seed, exampleId, score } of scores) {
    const example = known.get(keyOf(setting, split, point, seed, exampleId));
    if (example === undefined) continue;
    const key = keyOf(setting, split, point, technique);
    const bySeed = found.get(key) ?? new Map<number, Map<string, Row>>();
    const rows = bySeed.get(seed) ?? new Map<string, Row>();
    found.set(key, bySeed.set(seed, rows));
    // An id alone is no proof: another world may number its examples alike.
    rows.set(keyOf(exampleId, example.groundTruth, example.text), { score, real: example.groundTruth });
  }
  return found;
}

function keyOf(...parts: readonly (string | number | boolean | undefined)[]): string {
  return JSON.stringify(parts);
}

type Estimated = ComparedTechnique & { readonly estimated: Comparison };

function comparedOn(part: Part, [left, right]: readonly [string, string], sides: readonly [Index, Index]): Estimated[] {
  const { setting, split, point } = part;
  const [a, b] = [left, right].map((name, i) => sides[i]?.get(keyOf(setting, split, point, name)));
  if (a === undefined || b === undefined) return [];
  const shared = [...a].flatMap(([seed, rows]) => {
    const others = b.get(seed);
    const both = [...rows].flatMap(([id, row]) => {
      const other = others?.get(id);
      return other === undefined ? [] : [{ a: row.score, b: other.score, real: row.real }];
    });
    return both.length === 0 ? [] : [{ seed, both }];
  });
  if (shared.length === 0) return [];
  const perSeed = shared.map(({ both }) => ({
    a: both.map((row) => row.a),
    b: both.map((row) => row.b),
    positives: both.map(({ real }) => real),
  }));
  const estimated = differenceOf(perSeed);
  return [
    {
      ...{ setting, split, left, right },
      ...(point !== undefined && { point }),
      seeds: shared.map(({ seed }) => seed).sort((x, y) => x - y),
      leftAuroc: aurocOf(perSeed.map(({ a: scores, positives }) => ({ scores, positives }))),
      rightAuroc: aurocOf(perSeed.map(({ b: scores, positives }) => ({ scores, positives }))),
      difference: estimated.estimate,
      estimated,
    },
  ];
}

type SeedPair = { readonly a: number[]; readonly b: number[]; readonly positives: boolean[] };

function differenceOf(perSeed: readonly SeedPair[]): Comparison {
  const [only] = perSeed;
  if (perSeed.length === 1 && only !== undefined) return aurocDifference(only.b, only.a, only.positives);
  return pooledAurocDifference(perSeed.map(({ a, b, positives }) => ({ a: b, b: a, positives })));
}

function aurocOf(perSeed: readonly { readonly scores: number[]; readonly positives: boolean[] }[]): Estimate {
  const [only] = perSeed;
  return perSeed.length === 1 && only !== undefined ? auroc(only.scores, only.positives) : pooledAuroc(perSeed);
}

function corrected(compared: readonly Estimated[]): Estimated[] {
  const adjusted = holm(compared.map(({ estimated }) => estimated.pValue));
  return compared.map((one, i) => {
    const { pValue } = one.estimated;
    const adjustedPValue = adjusted[i];
    return {
      ...one,
      ...(pValue !== undefined && { pValue }),
      ...(adjustedPValue !== undefined && { adjustedPValue }),
    };
  });
}

/** Leaves of two configs that differ, entries of lists by their name or id. */
function differingKeys(left: unknown, right: unknown): RunComparison['differingKeys'] {
  const [a, b] = [new Map(leaves(left, '')), new Map(leaves(right, ''))];
  const paths = [...new Set([...a.keys(), ...b.keys()])];
  return paths.flatMap((path) => {
    if (canonicalJson({ value: a.get(path) }) === canonicalJson({ value: b.get(path) })) return [];
    return [{ path, ...(a.has(path) && { left: a.get(path) }), ...(b.has(path) && { right: b.get(path) }) }];
  });
}

function leaves(value: unknown, path: string): [string, unknown][] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (Array.isArray(value) && value.length > 0 && value.every(isEntry)) {
    return value.flatMap((entry) => leaves(entry, at(entry.as ?? entry.id)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, at(key)));
}

function isEntry(value: unknown): value is { readonly id: string; readonly as?: string } {
  return typeof value === 'object' && value !== null && 'id' in value;
}
