import type { Technique } from '../core/techniques.ts';
import { beatrix } from './beatrix.ts';
import { boundlessDas } from './boundless-das.ts';
import { dirtinessProbe } from './dirtiness-probe.ts';
import { evidenceFinetuning } from './evidence-finetuning.ts';
import { evidenceProbe } from './evidence-probe.ts';
import { exclusionFinetuning } from './exclusion-finetuning.ts';
import { exclusionFinetuningEach } from './exclusion-finetuning-each.ts';
import { finetuningDivergence } from './finetuning-divergence.ts';
import { groundTruthFinetuning } from './ground-truth-finetuning.ts';
import { groundTruthProbe } from './ground-truth-probe.ts';
import { isolationForest } from './isolation-forest.ts';
import { labelPermutation } from './label-permutation.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';
import { mahalanobis } from './mahalanobis.ts';
import { measurementGap } from './measurement-gap.ts';
import { pace } from './pace.ts';
import { quantumEntropy } from './quantum-entropy.ts';
import { randomProbe } from './random-probe.ts';
import { spectralSignature } from './spectral-signature.ts';
import { surfaceBaseline } from './surface-baseline.ts';
import { surfaceCeiling } from './surface-ceiling.ts';
import { topologicalEvolution } from './topological-evolution.ts';
import { trustedFinetuning } from './trusted-finetuning.ts';
import { trustedProbe } from './trusted-probe.ts';
import { untrustedFinetuning } from './untrusted-finetuning.ts';
import { variationalAutoencoder } from './variational-autoencoder.ts';

/** Every technique by id, in the order of tables: baselines, techniques, controls, ceilings. */
export const techniques = {
  'untrusted-finetuning': untrustedFinetuning,
  'trusted-finetuning': trustedFinetuning,
  'trusted-probe': trustedProbe,
  'evidence-probe': evidenceProbe,
  'evidence-finetuning': evidenceFinetuning,
  'exclusion-finetuning': exclusionFinetuning,
  'exclusion-finetuning-each': exclusionFinetuningEach,
  pace,
  'dirtiness-probe': dirtinessProbe,
  'measurement-gap': measurementGap,
  'boundless-das': boundlessDas,
  mahalanobis,
  'quantum-entropy': quantumEntropy,
  'spectral-signature': spectralSignature,
  beatrix,
  'topological-evolution': topologicalEvolution,
  'local-outlier-factor': localOutlierFactor,
  'isolation-forest': isolationForest,
  'variational-autoencoder': variationalAutoencoder,
  'finetuning-divergence': finetuningDivergence,
  'random-probe': randomProbe,
  'surface-baseline': surfaceBaseline,
  'label-permutation': labelPermutation,
  'surface-ceiling': surfaceCeiling,
  'ground-truth-probe': groundTruthProbe,
  'ground-truth-finetuning': groundTruthFinetuning,
} as const satisfies Record<string, Technique>;

export type TechniqueId = keyof typeof techniques;
