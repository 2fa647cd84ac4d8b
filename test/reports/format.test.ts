import { expect, it } from 'vitest';
import {
  formatCount,
  formatEstimate,
  formatP,
  formatSeconds,
  formatShare,
  formatValue,
} from '../../src/reports/format.ts';

const estimate = { value: 0.8731, lower: 0.8579, upper: 0.888, level: 0.95, n: 960, method: 'delong' };

it('writes estimates with three decimals and their interval', () => {
  expect(formatEstimate(estimate)).toBe('0.873 [0.858, 0.888]');
  expect(formatEstimate({ ...estimate, value: -0.02, lower: -0.04, upper: 0.0004 }, { signed: true })).toBe(
    '−0.020 [−0.040, 0.000]',
  );
  expect(formatEstimate({ undefined: 'there are no examples' })).toBe('undefined: there are no examples');
  expect(formatEstimate(null)).toBe('–');
});

it('gives zero no sign', () => {
  expect(formatValue(-0.0001, { signed: true })).toBe('0.000');
  expect(formatValue(0.11, { signed: true })).toBe('+0.110');
});

it('does not round a share to all or none', () => {
  expect([1, 0.9996, 0.987, 0.0004, 0].map(formatShare)).toEqual(['100.0 %', '> 99.9 %', '98.7 %', '< 0.1 %', '0.0 %']);
});

it('writes counts, p-values and times as a reader says them', () => {
  expect(formatCount({ least: 10000, most: 10000 })).toBe('10,000');
  expect(formatCount({ least: 9981, most: 10003 })).toBe('9,981–10,003');
  expect([0.0001, 0.0123].map(formatP)).toEqual(['< 0.001', '0.012']);
  expect([0.44, 12.4, 59.6, 185, 7620].map(formatSeconds)).toEqual([
    '0.4 s',
    '12 s',
    '1 min 00 s',
    '3 min 05 s',
    '2 h 07 min',
  ]);
});
