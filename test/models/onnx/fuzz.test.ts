import { expect, test } from 'vitest';
import { fuzz, fuzzedFixtures } from './fuzz.ts';

// Two thousand files more in fuzz.slow.test.ts.
test.each(fuzzedFixtures)('80 mutations of %s open or are refused with a reason', async (name) => {
  const { opened, refused } = await fuzz(name, 80);
  expect(opened).toBeGreaterThan(8);
  expect(refused).toBeGreaterThan(20);
});
