import { expect, it } from 'vitest';
import { checkNeeds } from '../../src/techniques/needs.ts';
import { techniques } from '../../src/techniques/registry.ts';

it('lists what a technique needs and a setting lacks', () => {
  const probe = techniques['evidence-probe'];
  expect(checkNeeds(probe, ['several-measurements'])).toEqual(['trusted-subset', 'untrusted-examples']);
  expect(checkNeeds(probe, ['untrusted-examples', 'trusted-subset', 'several-measurements'])).toEqual([]);
  expect(checkNeeds(techniques['untrusted-finetuning'], [])).toEqual([]);
});
