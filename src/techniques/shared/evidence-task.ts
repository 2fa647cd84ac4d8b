import { z } from 'zod';
import { type Category, categories, isInconsistent, type SupervisedExample } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import { requireNeeds } from '../needs.ts';
import type { BinaryTask } from './binary-task.ts';
import { hasAggregate } from './doubtful-positives.ts';

/** What counts as evidence of tampering, and which examples are asked about. */
export interface EvidenceOptions {
  /** Untrusted examples beside the trusted ones. @default 'trusted-and-inconsistent' */
  readonly examples: 'trusted-and-inconsistent' | 'any-evidence' | 'trusted-and-negatives' | 'all';
  /** What is evidence; `auto` is `judge` where training examples carry a judge's word. @default 'auto' */
  readonly evidence: 'auto' | 'inconsistency' | 'judge';
}

/** Schema of {@link EvidenceOptions}; unknown keys are refused. */
export const evidenceOptions = z.strictObject({
  examples: z
    .enum(['trusted-and-inconsistent', 'any-evidence', 'trusted-and-negatives', 'all'])
    .default('trusted-and-inconsistent')
    .describe('Training examples: trusted ones and which others'),
  evidence: z
    .enum(['auto', 'inconsistency', 'judge'])
    .default('auto')
    .describe('What counts as evidence of tampering; auto = a judge’s word where examples carry one'),
});

/**
 * The question that evidence techniques ask (methods.md 11.3): trusted examples and untrusted ones without evidence of
 * tampering (target true) against untrusted ones with it (false). Evidence is inconsistent measurements, the marks of a
 * tampering that failed, or a judge's word (`tamperEvidence.overall`); what is unknown is left out. `examples` says which
 * untrusted examples are asked about, the targets being the same:
 * `trusted-and-inconsistent` those with evidence; `any-evidence` these and those where a judge saw evidence on a single
 * measurement, all with target false; `trusted-and-negatives` those with a negative measurement; `all` every one, doubtful
 * positives included.
 *
 * @throws UserError `missing-structure` when the evidence asked for is not in the view.
 */
export function evidenceTask(
  technique: string,
  view: TrainingView,
  { examples: asked, evidence }: EvidenceOptions = evidenceOptions.parse({}),
): BinaryTask {
  const judged = evidence === 'judge' || (evidence === 'auto' && view.examples.some(isJudged));
  const structure = judged ? 'tamper-evidence' : 'several-measurements';
  requireNeeds({ id: technique, needs: { structures: [structure] } }, view);
  const { known, shows } = judged ? byJudge : byInconsistency;
  const any = asked === 'any-evidence';
  const isAsked: Record<EvidenceOptions['examples'], (example: SupervisedExample) => boolean> = {
    'trusted-and-inconsistent': (example) => shows(example, false),
    'any-evidence': (example) => shows(example, true),
    'trusted-and-negatives': ({ measurements }) => measurements.includes(false),
    all: () => true,
  };
  const examples = view.examples.filter((example) => example.trusted || (known(example) && isAsked[asked](example)));
  return {
    technique,
    examples,
    targets: examples.map((example) => example.trusted || !shows(example, any)),
    positives:
      asked === 'all' || asked === 'trusted-and-negatives'
        ? 'examples without evidence of tampering'
        : 'trusted examples',
    negatives: `untrusted examples with ${judged ? 'tamper evidence' : 'inconsistent measurements'}`,
  };
}

/** Categories of training examples that {@link evidenceTask} may take, where evidence is inconsistency. */
export function evidenceCategories({ examples, evidence }: EvidenceOptions): readonly Category[] {
  // A judge may see evidence anywhere.
  if (examples === 'all' || evidence === 'judge') return categories;
  const negatives: readonly Category[] = examples === 'trusted-and-negatives' ? ['all-negative'] : [];
  return ['trusted-positive', 'trusted-negative', 'fake-negative', 'inconsistent', ...negatives];
}

/** What is known of an example's tampering; `any` asks for evidence on a single measurement too. */
interface Evidence {
  known(example: SupervisedExample): boolean;
  shows(example: SupervisedExample, any: boolean): boolean;
}

const byInconsistency: Evidence = { known: hasAggregate, shows: isInconsistent };

const byJudge: Evidence = {
  known: isJudged,
  shows: ({ tamperEvidence }, any) =>
    tamperEvidence?.overall === true || (any && tamperEvidence?.individual.includes(true) === true),
};

function isJudged({ tamperEvidence }: SupervisedExample): boolean {
  return tamperEvidence !== undefined;
}
