/** The learning rate of a step, counted from 0. */
export type Schedule = (step: number) => number;

export interface WarmupCosineOptions {
  /** Highest learning rate, above 0. */
  readonly peak: number;
  /** Steps of the whole training, at least 1. */
  readonly steps: number;
  /** Steps over which the rate climbs. @default 64 */
  readonly warmup?: number;
}

/** Where warm-up starts and the cosine ends, as a share of the peak (methods.md 11.2). */
const floor = 0.1;

/** Linear warm-up from 0.1 · peak to the peak, then half a cosine down to 0.1 · peak at the last step (methods.md 11.2). */
export function warmupCosine({ peak, steps, warmup = 64 }: WarmupCosineOptions): Schedule {
  const climb = Math.min(warmup, steps);
  return (step) => {
    if (step < climb) return peak * (floor + (1 - floor) * (step / climb));
    const progress = Math.min(1, (step - climb) / Math.max(1, steps - 1 - climb));
    return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2);
  };
}

export function constantRate(rate: number): Schedule {
  return () => rate;
}
