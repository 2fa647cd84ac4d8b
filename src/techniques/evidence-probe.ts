import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type EvidenceOptions, evidenceOptions, evidenceTask } from './shared/evidence-task.ts';
import { restoreLinearProbe } from './shared/linear-probe.ts';
import { fitProbe } from './shared/probe.ts';
import { type ProbeOptions, probeOptions } from './shared/probe-options.ts';

/** Hyperparameters of {@link evidenceProbe}. */
export type EvidenceProbeOptions = ProbeOptions & EvidenceOptions;

/**
 * Probing for evidence of tampering: a linear probe on the frozen measurement predictor tells trusted examples
 * (target 1) from untrusted ones with evidence of tampering (target 0): inconsistent measurements or, where the dataset
 * has it, a judge's word. Everything else is left out, unless `examples` says otherwise. Score: probe logit.
 *
 * It works as far as failed tampering shares its mechanism with successful tampering. The logit is of "trusted rather
 * than inconsistent", not of "real", hence not calibrated. Defaults: layer and L2 strength chosen by cross-validation,
 * see {@link ProbeOptions}; examples and evidence see {@link EvidenceOptions}. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const evidenceProbe: Technique<EvidenceProbeOptions> = {
  id: 'evidence-probe',
  title: 'Evidence probe',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  options: probeOptions.extend(evidenceOptions.shape),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(evidenceProbe, view);
    return fitProbe(context.predictor, evidenceTask('evidence-probe', view, options), options, context);
  },
  restore: (saved, { predictor }) => restoreLinearProbe(saved, predictor),
};
