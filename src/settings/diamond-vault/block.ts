import { createRng } from '../../core/random.ts';
import { easyActions } from './easy-actions.ts';
import { type Execution, execute, type Measurements } from './execute.ts';
import { hardActions } from './hard-actions.ts';
import { isRejection, type Outcome, type OutcomeRules, outcomeOf, type Rejection } from './outcome.ts';
import { type Draft, type Program, poolsOf, sampleDraft, writeProgram } from './program.ts';

/** Where programs are sampled from; every block of a stream is independent and identically distributed. */
export interface Stream extends OutcomeRules {
  /** Keeps streams of one seed independent, e.g. `train/untrusted`. */
  readonly label: string;
  /** Ids of the hard templates in the pool; all easy ones always are. */
  readonly hard: readonly string[];
  /** How many measurements the world has. */
  readonly measurements: number;
  /** A program must use at least `atLeast` of these templates. */
  readonly required: { readonly templates: readonly string[]; readonly atLeast: number };
}

export interface BlockRequest {
  readonly seed: number;
  readonly stream: Stream;
  readonly index: number;
  /** Programs with another outcome are not sent back. */
  readonly wanted: readonly Outcome[];
}

/** A program that ran, with what came of it. */
export interface Candidate {
  readonly program: Program;
  readonly outcome: Outcome;
  readonly measurements: Measurements;
  /** The diamond is there although some measurement is negative, and the example counts as not an outcome. */
  readonly relabelled: boolean;
}

export interface Block {
  readonly candidates: readonly Candidate[];
  readonly rejected: Readonly<Record<Rejection, number>>;
}

/** Programs sampled per block. */
export const blockSize = 512;

/** Samples and runs a block of programs; the same request gives the same block on any thread. */
export function sampleBlock({ seed, stream, index, wanted }: BlockRequest): Block {
  const rng = createRng(seed, 'diamond-vault', stream.label, index);
  const pools = poolsOf([...easyActions, ...hardActions.filter(({ id }) => stream.hard.includes(id))]);
  const required = new Set(stream.required.templates);
  const rejected = { 'trusted-fake-negative': 0, 'positive-without-diamond': 0 };
  const candidates: Candidate[] = [];
  for (let i = 0; i < blockSize; i++) {
    const draft = sampleDraft(pools, rng);
    if (countRequired(draft, required) < stream.required.atLeast) continue;
    const program = writeProgram(draft, rng);
    const execution = execute(program, stream.measurements);
    const outcome = outcomeOf(execution, stream);
    if (isRejection(outcome)) rejected[outcome]++;
    else if (wanted.includes(outcome)) candidates.push(candidate(program, outcome, execution));
  }
  return { candidates, rejected };
}

function countRequired({ protector, robber }: Draft, required: ReadonlySet<string>): number {
  return [...protector, ...robber].filter(({ id }) => required.has(id)).length;
}

function candidate(program: Program, outcome: Outcome, { measurements, diamondPresent }: Execution): Candidate {
  return { program, outcome, measurements, relabelled: diamondPresent && outcome !== 'real-positive' };
}
