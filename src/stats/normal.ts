/** P(Z ≤ z) of the standard normal; relative error under 1e-13 in either tail. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The z with P(Z ≤ z) = p, for p in (0, 1): a start within 0.003, then Newton steps on {@link normalCdf}. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  let z = tailStart(p);
  for (let i = 0; i < 4; i++) z -= (normalCdf(z) - p) / density(z);
  return z;
}

/** 2·P(Z ≥ |z|): the two-sided p-value of a standard normal statistic. */
export function twoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Abramowitz and Stegun 26.2.23, lower tail, absolute error under 4.5e-4. */
function tailStart(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  return numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
}

/** Complementary error function: Maclaurin series near 0, Laplace's continued fraction in the tail. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < 2.5 ? 1 - erfSeries(x) : erfcFraction(x);
}

/** erf x = 2/√π · e^{−x²} Σ_k 2^k x^{2k+1} / (1·3·…·(2k+1)): all terms positive, so nothing cancels. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc x = e^{−x²}/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))), evaluated backwards from 60 terms. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let k = 60; k > 0; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}
