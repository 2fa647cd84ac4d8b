import { expected } from '../core/errors.ts';
import type { Arrays } from '../graph/optimizer.ts';

export interface DivergedAt {
  /** The step that failed, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly gradients: Arrays;
  /** Where the last good state is, if any is kept. */
  readonly checkpoint?: string | undefined;
}

/** The error of a training whose loss or gradients are not finite. */
export function diverged(what: string, got: unknown, { step, learningRate, gradients, checkpoint }: DivergedAt) {
  const detail = `learning rate ${learningRate.toPrecision(3)}; largest gradient ${largestGradient(gradients)}`;
  const kept = checkpoint === undefined ? '' : ` The last good checkpoint is ${checkpoint}.`;
  const next = `Lower the learning rate, or look for extreme weights.${kept}`;
  return expected('training-diverged', `the ${what} at step ${step} (${detail})`, 'finite', got, next);
}

/** Value and name of the largest absolute element; the first that is not finite where there is one. */
function largestGradient(gradients: Arrays): string {
  let [largest, of] = [0, ''];
  for (const [name, data] of Object.entries(gradients)) {
    const bad = data.find((value) => !Number.isFinite(value));
    if (bad !== undefined) return `${bad}, of "${name}"`;
    for (const value of data) if (Math.abs(value) >= Math.abs(largest)) [largest, of] = [value, name];
  }
  return `${largest.toPrecision(3)}, of "${of}"`;
}
