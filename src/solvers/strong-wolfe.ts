/** A point on a line: how far along, the value there and the derivative along the line. */
export interface Trial {
  readonly length: number;
  readonly value: number;
  readonly slope: number;
}

/** Sufficient decrease and curvature constants (methods.md 14.3). */
const c1 = 1e-4;
const c2 = 0.9;
const mostTrials = 30;

/**
 * A step that meets the strong Wolfe conditions, by bracketing and zooming with safeguarded cubic interpolation (Nocedal
 * and Wright, algorithms 3.5 and 3.6). Returns the best point found when rounding lets none meet them; that may be `start`.
 * Values that differ by less than `noise` count as equal: a point as flat as asked for is then taken (Hager and Zhang 2005).
 */
export async function strongWolfe<T extends Trial>(
  evaluate: (length: number) => Promise<T>,
  start: T,
  firstLength: number,
  noise = 0,
): Promise<T> {
  let previous = start;
  for (let i = 0, length = firstLength; i < mostTrials; i++, length *= 2) {
    const trial = await evaluate(length);
    if (isLevel(start, trial, noise)) return trial;
    if (!decreases(start, trial) || trial.value >= previous.value) return zoom(evaluate, start, previous, trial, noise);
    if (isFlat(start, trial)) return trial;
    if (trial.slope >= 0) return zoom(evaluate, start, trial, previous, noise);
    previous = trial;
  }
  return previous;
}

/** Narrows the bracket between `low`, the lowest point so far, and `high`. */
async function zoom<T extends Trial>(
  evaluate: (length: number) => Promise<T>,
  start: T,
  low: T,
  high: T,
  noise: number,
): Promise<T> {
  for (let i = 0; i < mostTrials; i++) {
    const trial = await evaluate(between(low, high));
    if (isLevel(start, trial, noise)) return trial;
    if (!decreases(start, trial) || trial.value >= low.value) {
      high = trial;
      continue;
    }
    if (isFlat(start, trial)) return trial;
    if (trial.slope * (high.length - low.length) >= 0) high = low;
    low = trial;
  }
  return low;
}

/** False for NaN and infinite values too, so that a step out of the domain is cut back. */
function decreases(start: Trial, trial: Trial): boolean {
  return trial.value <= start.value + c1 * trial.length * start.slope;
}

function isLevel(start: Trial, trial: Trial, noise: number): boolean {
  return noise > 0 && Math.abs(trial.value - start.value) <= noise && isFlat(start, trial);
}

function isFlat(start: Trial, trial: Trial): boolean {
  return Math.abs(trial.slope) <= -c2 * start.slope;
}

/** Minimum of the cubic through both values and slopes, kept a tenth of the bracket away from its ends. */
function between(low: Trial, high: Trial): number {
  const width = high.length - low.length;
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope);
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
  if (!Number.isFinite(share)) return low.length + width / 2;
  return low.length + width * Math.min(0.9, Math.max(0.1, share));
}
