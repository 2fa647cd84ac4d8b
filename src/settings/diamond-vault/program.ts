import type { Rng } from '../../core/random.ts';
import type { ActionTemplate, Actor } from './action-template.ts';
import { modify } from './modifiers.ts';
import { usualMeasurements, type VaultKind, vaultKinds, vaultSourceOf } from './vault-source.ts';

/** One program: what varies of its text, and the ids of the templates it was written from. */
export interface Program {
  readonly kind: VaultKind;
  readonly protector: readonly string[];
  readonly robber: readonly string[];
  readonly templates: readonly string[];
}

/** The templates each actor draws from. */
export type Pools = Readonly<Record<Actor, readonly ActionTemplate[]>>;

export function poolsOf(templates: readonly ActionTemplate[]): Pools {
  const own = (actor: Actor) => templates.filter((template) => template.actor === actor || template.actor === 'both');
  return { protector: own('protector'), robber: own('robber') };
}

/** A program before its statements are written. */
export interface Draft {
  readonly kind: VaultKind;
  readonly protector: readonly ActionTemplate[];
  readonly robber: readonly ActionTemplate[];
}

/** A protector takes 1–4 actions and a robber 3–5, without replacement (methods.md 11.4). */
export function sampleDraft(pools: Pools, rng: Rng): Draft {
  return {
    kind: rng.choice(vaultKinds),
    protector: rng.sample(pools.protector, rng.integer(1, 4)),
    robber: rng.sample(pools.robber, rng.integer(3, 5)),
  };
}

export function writeProgram({ kind, protector, robber }: Draft, rng: Rng): Program {
  const statements = (actions: readonly ActionTemplate[]) => actions.map((action) => modify(action.write(rng), rng));
  return {
    kind,
    protector: statements(protector),
    robber: statements(robber),
    templates: [...protector, ...robber].map(({ id }) => id),
  };
}

/** The part of the program text that varies, as it is executed: `v`, `protector` and `robber`. */
export function varyingText({ kind, protector, robber }: Program): string {
  return `let v = new ${kind}([new Diamond()]);
function protector() {
${indent(protector)}
}
function robber() {
${indent(robber)}
}`;
}

/** The whole program: strict-mode JavaScript that leaves its measurements, so many, in `measurements`. */
export function fullText(program: Program, measurements = usualMeasurements): string {
  return `'use strict';
${vaultSourceOf(measurements)}${varyingText(program)}
play(protector, robber);
const measurements = measure(v);
`;
}

/** The kind of vault and the statements of both actors, a line each. */
export function compactText({ kind, protector, robber }: Program): string {
  return [`v = ${kind}`, 'protector:', ...protector, 'robber:', ...robber].join('\n');
}

function indent(statements: readonly string[]): string {
  return statements.map((statement) => `  ${statement}`).join('\n');
}
