import { z } from 'zod';
import type { StructureId } from '../core/structures.ts';
import type { Technique, TrainingView } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import type { BinaryTask } from './shared/binary-task.ts';
import { dirtinessTask } from './shared/dirtiness-task.ts';
import { evidenceTask } from './shared/evidence-task.ts';
import { fitSurface, restoreSurface, type SurfaceOptions, surfaceOptions } from './shared/surface.ts';
import { trustedTask } from './shared/trusted-task.ts';

/** Hyperparameters of {@link surfaceBaseline}. */
export interface SurfaceBaselineOptions extends SurfaceOptions {
  /** Whose question to answer: that of `evidence-probe`, `trusted-probe` or `dirtiness-probe`. @default 'evidence' */
  readonly target: 'evidence' | 'trusted' | 'dirtiness';
}

/** Each question and the structures that it takes. */
const targets = {
  evidence: { task: evidenceTask, needs: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  trusted: { task: trustedTask, needs: ['trusted-subset'] },
  dirtiness: { task: dirtinessTask, needs: ['trusted-subset', 'untrusted-examples'] },
} as const satisfies Record<string, { task: Ask; needs: readonly StructureId[] }>;

type Ask = (technique: string, view: TrainingView) => BinaryTask;

/**
 * Control: the question of a probe answered from the words of the text alone, by logistic regression on a bag of words;
 * the strong model is not asked. A technique that reads the model's internals should beat it, or it found words.
 * Score: logit of the target, hence not calibrated.
 *
 * Defaults: target `evidence`; words, pairs of words and the penalty as in {@link SurfaceOptions}. `needs` are those of
 * the default target. Source: methods.md 13 (required controls).
 */
export const surfaceBaseline: Technique<SurfaceBaselineOptions> = {
  id: 'surface-baseline',
  title: 'Surface baseline',
  source: 'methods.md 13 and 11.3',
  role: 'control',
  needs: { structures: targets.evidence.needs },
  options: surfaceOptions.extend({
    target: z
      .enum(['evidence', 'trusted', 'dirtiness'])
      .default('evidence')
      .describe('Whose question to answer: that of evidence-probe, trusted-probe or dirtiness-probe'),
  }),
  calibrated: false,
  async fit(view, options, context) {
    const { id } = surfaceBaseline;
    const { task, needs } = targets[options.target];
    requireNeeds({ id, needs: { structures: needs } }, view);
    return fitSurface(task(id, view), options, context);
  },
  restore: restoreSurface,
};
