import { strongWolfe, type Trial } from './strong-wolfe.ts';

/** Writes the gradient at `point` into `gradient` and gives the value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => Promise<number>;

export interface LbfgsOptions {
  /** Converged when no component of the gradient is larger. @default 1e-7 */
  readonly tolerance?: number;
  /** @default 1000 */
  readonly maxIterations?: number;
  /** A decrease of at most this share of the value (or of 1, if that is more) counts as none. @default 1e-14 */
  readonly smallestDecrease?: number;
  /** Rounding in the objective, as such a share. @default 0 */
  readonly noise?: number;
}

interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False when it stopped at `maxIterations` or no step along a descent direction went down. */
  readonly converged: boolean;
}

/** Past steps that shape the direction, as in methods.md 14.3. */
const history = 100;

/** Minimises a smooth function by L-BFGS with a strong-Wolfe line search (methods.md 14.3; Nocedal and Wright, algorithm 7.5). */
export async function minimizeLbfgs(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions = {},
): Promise<Minimum> {
  const { tolerance = 1e-7, maxIterations = 1000, smallestDecrease = 1e-14, noise = 0 } = options;
  const pairs: CurvaturePair[] = [];
  let current = await evaluateAt(objective, start);
  for (let iterations = 0; ; iterations++) {
    const { point, value } = current;
    if (largest(current.gradient) <= tolerance) return { point, value, iterations, converged: true };
    if (iterations >= maxIterations) return { point, value, iterations, converged: false };
    const direction = descentDirection(current.gradient, pairs);
    const slope = dot(current.gradient, direction);
    const size = Math.max(1, Math.abs(value));
    // Half the slope is the decrease that a quadratic function would have left.
    if (pairs.length > 0 && -slope / 2 <= smallestDecrease * size) {
      return { point, value, iterations, converged: true };
    }
    const next = await step(objective, current, direction, pairs.length === 0, noise * size);
    if (next === undefined) return { point, value, iterations, converged: false };
    remember(pairs, current, next);
    const decrease = value - next.value;
    current = next;
    if (decrease > smallestDecrease * size) continue;
    return { point: next.point, value: next.value, iterations: iterations + 1, converged: true };
  }
}

/** y = change of gradient over the step s, with ρ = 1/(y·s). */
interface CurvaturePair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

interface Evaluated {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

async function evaluateAt(objective: Objective, point: Float64Array): Promise<Evaluated> {
  const gradient = new Float64Array(point.length);
  return { point, value: await objective(point, gradient), gradient };
}

/** The strong-Wolfe point along `direction`, or undefined when none lies lower. */
async function step(
  objective: Objective,
  from: Evaluated,
  direction: Float64Array,
  first: boolean,
  noise: number,
): Promise<Evaluated | undefined> {
  const evaluate = async (length: number): Promise<Trial & Evaluated> => {
    const at = await evaluateAt(
      objective,
      from.point.map((x, i) => x + length * (direction[i] as number)),
    );
    return { ...at, length, slope: dot(at.gradient, direction) };
  };
  // Steepest descent has no natural length: start no further than one unit in the 1-norm.
  const firstLength = first ? Math.min(1, 1 / from.gradient.reduce((sum, g) => sum + Math.abs(g), 0)) : 1;
  const found = await strongWolfe(
    evaluate,
    { ...from, length: 0, slope: dot(from.gradient, direction) },
    firstLength,
    noise,
  );
  return found.length > 0 && found.value <= from.value + noise ? found : undefined;
}

/** −H·gradient by the two-loop recursion. */
function descentDirection(gradient: Float64Array, pairs: readonly CurvaturePair[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k] as CurvaturePair;
    alphas[k] = rho * dot(s, direction);
    addScaled(direction, y, -(alphas[k] as number));
  }
  const newest = pairs.at(-1);
  if (newest) scale(direction, 1 / (newest.rho * dot(newest.y, newest.y)));
  pairs.forEach(({ s, y, rho }, k) => {
    addScaled(direction, s, (alphas[k] as number) - rho * dot(y, direction));
  });
  return direction;
}

function remember(pairs: CurvaturePair[], from: Evaluated, to: Evaluated): void {
  const s = to.point.map((x, i) => x - (from.point[i] as number));
  const y = to.gradient.map((g, i) => g - (from.gradient[i] as number));
  const curvature = dot(s, y);
  // Without positive curvature (rounding near the minimum) the pair would spoil the direction.
  if (curvature <= Number.EPSILON * dot(y, y)) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > history) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) (target[i] as number) += factor * (source[i] as number);
}

function scale(target: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) (target[i] as number) *= factor;
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}
