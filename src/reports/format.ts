import { type DefinedEstimate, type Estimate, isDefined } from '../core/estimates.ts';
import type { CountRange } from './report-view.ts';

/** What stands in a cell for which the record has no result. */
export const absent = '–';

/** `0.873`; a difference has its sign: `+0.110`, `−0.020`. */
export function formatValue(value: number, options: { readonly signed?: boolean } = {}): string {
  const text = Math.abs(value).toFixed(3);
  const isZero = Number(text) === 0;
  if (value < 0 && !isZero) return `−${text}`;
  return options.signed && !isZero ? `+${text}` : text;
}

/** `[0.858, 0.888]` */
export function formatInterval(estimate: DefinedEstimate, options: { readonly signed?: boolean } = {}): string {
  return `[${formatValue(estimate.lower, options)}, ${formatValue(estimate.upper, options)}]`;
}

/** `0.873 [0.858, 0.888]`, `undefined: <reason>`, or a dash when there is no such result. */
export function formatEstimate(estimate: Estimate | null, options: { readonly signed?: boolean } = {}): string {
  if (estimate === null) return absent;
  if (!isDefined(estimate)) return `undefined: ${estimate.undefined}`;
  return `${formatValue(estimate.value, options)} ${formatInterval(estimate, options)}`;
}

/** `< 0.001` or `0.012` */
export function formatP(p: number): string {
  return p < 0.0005 ? '< 0.001' : formatValue(p);
}

/** `95 %` */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toFixed(2))} %`;
}

/** `98.7 %`; the ends are kept for exactly 0 and 1, so that no rounding claims them. */
export function formatShare(share: number): string {
  if (share > 0.999 && share < 1) return '> 99.9 %';
  if (share < 0.001 && share > 0) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** `12.3 % [5.0 %, 20.1 %]`, or `undefined: <reason>` */
export function formatShareEstimate(estimate: Estimate): string {
  if (!isDefined(estimate)) return `undefined: ${estimate.undefined}`;
  return `${formatShare(estimate.value)} [${formatShare(estimate.lower)}, ${formatShare(estimate.upper)}]`;
}

/** `10,000`, or `9,981–10,003` where seeds differ. */
export function formatCount({ least, most }: CountRange): string {
  const text = (count: number) => count.toLocaleString('en-US');
  return least === most ? text(least) : `${text(least)}–${text(most)}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min` */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes === 0 ? `${whole} s` : `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** `2 seeds (0, 1)` or `seed 0`, as what the shown numbers rest on. */
export function formatSeeds(seeds: readonly number[], shown: number | 'all'): string {
  return shown === 'all' && seeds.length !== 1
    ? `${seeds.length} seeds (${seeds.join(', ')})`
    : `seed ${shown === 'all' ? seeds[0] : shown}`;
}

/** A detail or config value on one line; numbers to at most 4 significant digits. */
export function formatDetail(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.map(formatDetail).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
