import type { Technique } from '../core/techniques.ts';
import { beatrix } from './beatrix.ts';
import { bootstrapping } from './bootstrapping.ts';
import { boundlessDas } from './boundless-das.ts';
import { ccs } from './ccs.ts';
import { confidenceLoss } from './confidence-loss.ts';
import { confidenceWindow } from './confidence-window.ts';
import { contrastActivations } from './contrast-activations.ts';
import { contrastPrincipalComponent } from './contrast-principal-component.ts';
import { differenceOfMeans } from './difference-of-means.ts';
import { dirtinessProbe } from './dirtiness-probe.ts';
import { earlyStopping } from './early-stopping.ts';
import { earlyStoppingCeiling } from './early-stopping-ceiling.ts';
import { easyExamples } from './easy-examples.ts';
import { entropyLoss } from './entropy-loss.ts';
import { evidenceFinetuning } from './evidence-finetuning.ts';
import { evidenceProbe } from './evidence-probe.ts';
import { exclusionFinetuning } from './exclusion-finetuning.ts';
import { exclusionFinetuningEach } from './exclusion-finetuning-each.ts';
import { fewShot } from './few-shot.ts';
import { finetuningDivergence } from './finetuning-divergence.ts';
import { generativeFinetuning } from './generative-finetuning.ts';
import { groundTruthFinetuning } from './ground-truth-finetuning.ts';
import { groundTruthProbe } from './ground-truth-probe.ts';
import { inlpProbe } from './inlp-probe.ts';
import { isolationForest } from './isolation-forest.ts';
import { klLoss } from './kl-loss.ts';
import { labelCleaning } from './label-cleaning.ts';
import { labelPermutation } from './label-permutation.ts';
import { ldaProbe } from './lda-probe.ts';
import { leaceControl } from './leace-control.ts';
import { leaceProbe } from './leace-probe.ts';
import { linearArtificialTomography } from './linear-artificial-tomography.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';
import { mahalanobis } from './mahalanobis.ts';
import { massMeanProbe } from './mass-mean-probe.ts';
import { massMeanShift } from './mass-mean-shift.ts';
import { measurementGap } from './measurement-gap.ts';
import { naiveFinetuning } from './naive-finetuning.ts';
import { pace } from './pace.ts';
import { pairProbe } from './pair-probe.ts';
import { preferenceFinetuning } from './preference-finetuning.ts';
import { productLoss } from './product-loss.ts';
import { promptTuning } from './prompt-tuning.ts';
import { quantumEntropy } from './quantum-entropy.ts';
import { randomProbe } from './random-probe.ts';
import { spectralSignature } from './spectral-signature.ts';
import { strongCeiling } from './strong-ceiling.ts';
import { strongToStrong } from './strong-to-strong.ts';
import { supervisorWeights } from './supervisor-weights.ts';
import { surfaceBaseline } from './surface-baseline.ts';
import { surfaceCeiling } from './surface-ceiling.ts';
import { targetTuned } from './target-tuned.ts';
import { topologicalEvolution } from './topological-evolution.ts';
import { trustedFinetuning } from './trusted-finetuning.ts';
import { trustedProbe } from './trusted-probe.ts';
import { untrustedFinetuning } from './untrusted-finetuning.ts';
import { variationalAutoencoder } from './variational-autoencoder.ts';
import { vinc } from './vinc.ts';
import { weakProbe } from './weak-probe.ts';
import { zeroShot } from './zero-shot.ts';

/** Every technique by id, in the order of tables: baselines, techniques, controls, ceilings. */
export const techniques = {
  'untrusted-finetuning': untrustedFinetuning,
  'trusted-finetuning': trustedFinetuning,
  'naive-finetuning': naiveFinetuning,
  'zero-shot': zeroShot,
  'trusted-probe': trustedProbe,
  'evidence-probe': evidenceProbe,
  'evidence-finetuning': evidenceFinetuning,
  'exclusion-finetuning': exclusionFinetuning,
  'exclusion-finetuning-each': exclusionFinetuningEach,
  pace,
  'leace-probe': leaceProbe,
  'inlp-probe': inlpProbe,
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
  'confidence-loss': confidenceLoss,
  'product-loss': productLoss,
  'kl-loss': klLoss,
  'entropy-loss': entropyLoss,
  'confidence-window': confidenceWindow,
  'generative-finetuning': generativeFinetuning,
  'early-stopping': earlyStopping,
  'label-cleaning': labelCleaning,
  'strong-to-strong': strongToStrong,
  bootstrapping: bootstrapping,
  'supervisor-weights': supervisorWeights,
  'easy-examples': easyExamples,
  'weak-probe': weakProbe,
  'difference-of-means': differenceOfMeans,
  'mass-mean-probe': massMeanProbe,
  'lda-probe': ldaProbe,
  'pair-probe': pairProbe,
  ccs,
  'contrast-principal-component': contrastPrincipalComponent,
  vinc,
  'few-shot': fewShot,
  'preference-finetuning': preferenceFinetuning,
  'prompt-tuning': promptTuning,
  'mass-mean-shift': massMeanShift,
  'linear-artificial-tomography': linearArtificialTomography,
  'contrast-activations': contrastActivations,
  'leace-control': leaceControl,
  'random-probe': randomProbe,
  'surface-baseline': surfaceBaseline,
  'label-permutation': labelPermutation,
  'surface-ceiling': surfaceCeiling,
  'ground-truth-probe': groundTruthProbe,
  'ground-truth-finetuning': groundTruthFinetuning,
  'early-stopping-ceiling': earlyStoppingCeiling,
  'strong-ceiling': strongCeiling,
  'target-tuned': targetTuned,
} as const satisfies Record<string, Technique>;

export type TechniqueId = keyof typeof techniques;
