import type { Technique } from '../core/techniques.ts';
import { evidenceFinetuning } from './evidence-finetuning.ts';
import { evidenceProbe } from './evidence-probe.ts';
import { exclusionFinetuning } from './exclusion-finetuning.ts';
import { groundTruthFinetuning } from './ground-truth-finetuning.ts';
import { groundTruthProbe } from './ground-truth-probe.ts';
import { measurementGap } from './measurement-gap.ts';
import { randomProbe } from './random-probe.ts';
import { trustedFinetuning } from './trusted-finetuning.ts';
import { trustedProbe } from './trusted-probe.ts';
import { untrustedFinetuning } from './untrusted-finetuning.ts';

/** Every technique by id, in the order of tables: baselines, techniques, the control, ceilings. */
export const techniques = {
  'untrusted-finetuning': untrustedFinetuning,
  'trusted-finetuning': trustedFinetuning,
  'trusted-probe': trustedProbe,
  'evidence-probe': evidenceProbe,
  'evidence-finetuning': evidenceFinetuning,
  'exclusion-finetuning': exclusionFinetuning,
  'measurement-gap': measurementGap,
  'random-probe': randomProbe,
  'ground-truth-probe': groundTruthProbe,
  'ground-truth-finetuning': groundTruthFinetuning,
} as const satisfies Record<string, Technique>;

export type TechniqueId = keyof typeof techniques;
