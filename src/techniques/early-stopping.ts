import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { balanceLabels } from './shared/balance-labels.ts';
import { type EarlyStoppingOptions, earlyStoppingOptions, fitStopped } from './shared/early-stopping.ts';
import { weakTask } from './shared/weak-task.ts';

/**
 * Early stopping on weak labels: `naive-finetuning` on nine tenths of the weakly labelled examples, keeping the weights
 * of the lowest cross-entropy to the weak labels of the rest. Score: aggregate logit.
 *
 * It cannot tell learning the supervisor's errors from learning the task; `early-stopping-ceiling` shows what could be
 * had if it did. Defaults: at most 1,000 held-out examples, 10 validations an epoch, patience 10.
 * Source: methods.md 4.1, 4.2 (there by AUROC against weak labels), 3.7.
 */
export const earlyStopping: Technique<EarlyStoppingOptions> = {
  id: 'early-stopping',
  title: 'Early stopping on weak labels',
  source: 'methods.md 4.1, 3.7; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: earlyStoppingOptions,
  calibrated: true,
  finetunesOn: categories,
  fit: async ({ examples }, options, context) =>
    fitStopped(weakTask('early-stopping', examples), options, context, (held) =>
      options.balance ? { ...held, labels: balanceLabels(held.labels) } : held,
    ),
};
