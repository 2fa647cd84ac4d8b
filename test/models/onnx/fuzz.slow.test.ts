import { expect, test } from 'vitest';
import { fuzz, fuzzedFixtures } from './fuzz.ts';

test.each(fuzzedFixtures)('600 mutations of %s open or are refused with a reason', async (name) => {
  const before = process.memoryUsage().rss;
  const { opened, refused } = await fuzz(name, 600);
  expect(opened + refused).toBe(600);
  expect(opened).toBeGreaterThan(80);
  expect(refused).toBeGreaterThan(200);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30);
});
