import type { Input } from '../core/examples.ts';
import type { HeadId, Matrix, StrongModel } from '../core/models.ts';
import type { Technique } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { type FinetuningOptions, finetuningOptions } from './shared/finetuning.ts';
import { measurementTargets, trainingTargets } from './shared/targets.ts';

/**
 * How much an example's predictions change when the measurement predictor forgets what trusted examples do not need: it
 * is trained on with its own loss on trusted examples alone, and with p and q the probabilities of a head before and
 * after, the anomaly is
 *
 *   KL(original ‖ finetuned) = Σ over aggregate and measurements of p·log(p/q) + (1 − p)·log((1 − p)/(1 − q))
 *
 * in nats, heads being independent Bernoullis; those of masked measurements count too, since inputs do not say which are
 * masked. Score: minus that.
 *
 * The training must be long enough to forget: short of that, predictions move most on examples like the trusted ones.
 * Defaults: 1 epoch at 1e-3, Adam's rate in the source, settled on a planted world whose ground truth was known: gentler
 * training came out below chance there. Source: methods.md 10.4 (Finetuning).
 */
export const finetuningDivergence: Technique<FinetuningOptions> = {
  id: 'finetuning-divergence',
  title: 'Finetuning divergence',
  source: 'methods.md 10.4',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: finetuningOptions({ epochs: 1, learningRate: 1e-3 }),
  calibrated: false,
  finetunesOn: ['trusted-positive', 'trusted-negative'],
  async fit(view, { epochs, learningRate }, { predictor, seed, progress, signal }) {
    requireNeeds(finetuningDivergence, view);
    signal.throwIfAborted();
    const trusted = view.examples.filter((example) => example.trusted);
    const data = trainingTargets(predictor.heads, trusted, measurementTargets);
    const finetuned = await predictor.finetune(data, { seed, epochs, learningRate, progress });
    return {
      score: (inputs) => negativeDivergences(predictor, finetuned, inputs),
      details: { examples: trusted.length, epochs, learningRate },
    };
  },
};

async function negativeDivergences(original: StrongModel, finetuned: StrongModel, inputs: readonly Input[]) {
  const [before, after] = [await original.logits(inputs), await finetuned.logits(inputs)];
  const columns = original.heads.flatMap((head, column) => (isTrained(head) ? [column] : []));
  return Float64Array.from({ length: before.rows }, (_, row) => {
    const at = ({ columns: heads, data }: Matrix, column: number) => data[row * heads + column] as number;
    return columns.reduce((score, column) => score - bernoulliDivergence(at(before, column), at(after, column)), 0);
  });
}

/** The ground-truth head of a measurement predictor has learned nothing. */
function isTrained(head: HeadId): boolean {
  return head !== 'ground-truth';
}

/** KL(p ‖ q) of Bernoullis with log-odds a and b: p·(a − b) − softplus(a) + softplus(b), which rounding may turn below 0. */
function bernoulliDivergence(a: number, b: number): number {
  const p = 1 / (1 + Math.exp(-a));
  return Math.max(0, p * (a - b) - softplus(a) + softplus(b));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
