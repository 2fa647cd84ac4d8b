import { expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import { dirtinessProbe } from '../../src/techniques/dirtiness-probe.ts';
import { textOf } from './fake-model.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn } from './support.ts';

const positive = [true, null, true];
const signs = [-1, 1];
/** Trusted and doubtful positives differ in the first feature alone; what must be left out differs in the second. */
const examples: readonly Example[] = Array.from({ length: 10 }, () =>
  signs.flatMap((sign) => [
    { text: textOf([1, sign]), trusted: true, measurements: positive, groundTruth: true },
    { text: textOf([-1, sign]), trusted: false, measurements: positive, groundTruth: sign > 0 },
    { text: textOf([-9, 9]), trusted: true, measurements: [false, true, true], groundTruth: false },
    { text: textOf([9, -9]), trusted: false, measurements: [false, true, false], groundTruth: false },
    { text: textOf([9, -9]), trusted: true, measurements: [null, null, null], groundTruth: true },
  ]),
)
  .flat()
  .map((example, i) => ({ ...example, id: `example-${i}` }));
const context = contextOf(createSpyModel({ width: 2 }));

it('tells trusted from untrusted examples among those with every present measurement positive', async () => {
  const { score, details } = await fitOn(dirtinessProbe, examples, { context, options: { l2: [0.05], layer: 1 } });
  const [origin = 0, first = 0, second] = await score([
    { id: 'a', text: '0 0' },
    { id: 'b', text: '1 0' },
    { id: 'c', text: '0 1' },
  ]);
  const w = first - origin;
  // Logistic regression on a balanced ±1 feature: σ(−w) = 2λw.
  expect(1 / (1 + Math.exp(w))).toBeCloseTo(2 * 0.05 * w, 3);
  expect(second).toBeCloseTo(origin, 5);
  expect(details).toMatchObject({ examples: 40 });
});

it('refuses training examples without trusted positives', async () => {
  const doubtful = examples.filter((example) => !example.trusted || example.measurements.includes(false));
  await expect(fitOn(dirtinessProbe, doubtful, { context })).rejects.toThrow(
    /number of trusted examples with every measurement positive that dirtiness-probe learns from to be at least 2, got 0/,
  );
});
