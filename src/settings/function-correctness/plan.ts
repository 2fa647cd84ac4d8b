import type { Category } from '../../core/examples.ts';
import { apportion } from '../apportion.ts';
import { inconsistentShare, type UntrustedShares, untrustedShares } from '../untrusted-shares.ts';
import type { HeldOutProblems } from './held-out.ts';
import type { FunctionCorrectnessOptions } from './options.ts';
import type { Problem } from './problem.ts';
import { type TamperingId, tamperingIds } from './tampering.ts';

/** How a submission cheats, if it does. */
export type Kind = 'plain' | TamperingId;

/** Examples of one sort that a split takes. */
export interface Cell {
  readonly category: Exclude<Category, 'fake-negative'>;
  readonly trusted: boolean;
  readonly kind: Kind;
  readonly count: number;
}

export interface SplitPlan {
  readonly split: string;
  readonly problems: readonly Problem[];
  readonly cells: readonly Cell[];
}

interface Proportions extends UntrustedShares {
  readonly examples: number;
  readonly trustedShare: number;
  readonly trustedPositiveShare: number;
}

/** Kinds of tampering that may leave every test failing; the others carry at least the tests that they are aimed at. */
const mayFailWholly: readonly TamperingId[] = ['weaken-assertion', 'replace-assert', 'patch-equality'];

/** Kinds of tampering that can leave a right program right. */
const keepWhatIsRight: readonly TamperingId[] = tamperingIds.filter((id) => id !== 'hard-code');

/** The splits in order, training first; see options.ts. */
export function planSplits(options: FunctionCorrectnessOptions, { training, heldOut }: HeldOutProblems): SplitPlan[] {
  const train: Proportions = {
    examples: options.trainExamples,
    trustedShare: options.trustedShare,
    trustedPositiveShare: options.trustedPositiveShare,
    ...untrustedShares(options, 'training'),
  };
  const validation: Proportions = {
    examples: options.validationExamples,
    trustedShare: options.validationTrustedShare,
    trustedPositiveShare: options.validationTrustedPositiveShare,
    ...untrustedShares(options, 'validation'),
  };
  const plan = (split: string, problems: readonly Problem[], proportions: Proportions) => ({
    split,
    problems,
    cells: planCells(proportions, options),
  });
  const unseen = heldOut.length === 0 ? [] : [plan('validation-held-out', heldOut, validation)];
  return [
    plan('train', training, train),
    plan('validation', training, validation),
    ...unseen,
    plan('validation-in-distribution', training, { ...train, examples: options.validationExamples }),
  ];
}

function planCells(proportions: Proportions, options: FunctionCorrectnessOptions): Cell[] {
  const { examples, trustedShare, trustedPositiveShare, fakePositive, realPositive, allNegative } = proportions;
  const trusted = Math.round(examples * trustedShare);
  const ofTrusted = apportion(trusted, [
    ['trusted-positive', trustedPositiveShare],
    ['trusted-negative', 1 - trustedPositiveShare],
  ] as const);
  const ofUntrusted = apportion(examples - trusted, [
    ['fake-positive', fakePositive],
    ['real-positive', realPositive],
    ['all-negative', allNegative],
    ['inconsistent', inconsistentShare({ fakePositive, realPositive, allNegative })],
  ] as const);
  return [
    ...[...ofTrusted].map(([category, count]): Cell => ({ category, trusted: true, kind: 'plain', count })),
    ...[...ofUntrusted].flatMap(([category, total]) =>
      byKind(category, total, options).map(([kind, count]): Cell => ({ category, trusted: false, kind, count })),
    ),
  ].filter(({ count }) => count > 0);
}

type UntrustedCategory = 'fake-positive' | 'real-positive' | 'all-negative' | 'inconsistent';

/** Kinds of tampering in equal parts. */
function byKind(category: UntrustedCategory, total: number, options: FunctionCorrectnessOptions): [Kind, number][] {
  const tampered = {
    'fake-positive': 1 - options.plainFakeShare,
    'real-positive': options.needlessTamperShare,
    'all-negative': options.tamperedShare / 2,
    inconsistent: options.tamperedShare,
  }[category];
  const kinds = { 'all-negative': mayFailWholly, 'real-positive': keepWhatIsRight }[category as string] ?? tamperingIds;
  const shares = kinds.map((kind) => [kind as Kind, tampered / kinds.length] as const);
  return [...apportion(total, [['plain' as Kind, 1 - tampered], ...shares])];
}
