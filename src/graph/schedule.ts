/** The learning rate of a step, counted from 0. */
export type Schedule = (step: number) => number;

export interface WarmupOptions {
  /** Highest learning rate, above 0. */
  readonly peak: number;
  /** Steps of the whole training, at least 1. */
  readonly steps: number;
  /** Steps over which the rate climbs. @default 64 */
  readonly warmup?: number;
}

/** Forms of the learning rate after warm-up: half a cosine or a line down to a tenth of the peak, or the peak throughout. */
export const schedules = ['cosine', 'linear', 'constant'] as const;
export type ScheduleId = (typeof schedules)[number];

/** Where warm-up starts and the fall ends, as a share of the peak (methods.md 11.2). */
const floor = 0.1;

/** Share of the way from the floor to the peak, by progress from 0 (end of warm-up) to 1 (last step). */
const heights: Readonly<Record<ScheduleId, (progress: number) => number>> = {
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
  linear: (progress) => 1 - progress,
  constant: () => 1,
};

/** Linear warm-up from 0.1 · peak to the peak, then the form `id`, which ends at the last step. */
export function createSchedule(id: ScheduleId, { peak, steps, warmup = 64 }: WarmupOptions): Schedule {
  const climb = Math.min(warmup, steps);
  return (step) => {
    if (step < climb) return peak * (floor + (1 - floor) * (step / climb));
    const progress = Math.min(1, (step - climb) / Math.max(1, steps - 1 - climb));
    return peak * (floor + (1 - floor) * heights[id](progress));
  };
}

/** {@link createSchedule} with a cosine (methods.md 11.2). */
export function warmupCosine(options: WarmupOptions): Schedule {
  return createSchedule('cosine', options);
}

export function constantRate(rate: number): Schedule {
  return () => rate;
}
