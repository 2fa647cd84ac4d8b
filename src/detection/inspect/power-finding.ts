import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Finding, LabelledEstimate } from '../../core/inspection.ts';
import { detectableShare } from '../../stats/detectable-share.ts';
import { normalQuantile } from '../../stats/normal.ts';
import type { InspectView } from './inspect-view.ts';
import { countOf, percent } from './wording.ts';

/** Alarm rates that a user may want, and the trusted positives that each needs. */
export interface AlarmNeed {
  readonly rate: number;
  /** Fewer cannot raise an alarm in two folds: the smallest conformal p-value of n trusted positives is 1/(n + 1). */
  readonly least: number;
  /** From here the realised rate of false alarms is within half of the chosen one in two of three draws. */
  readonly wanted: number;
}

/** What this many examples can show. */
export interface PowerFinding {
  readonly finding: Finding;
  /** Smallest share of fakes found at the 5 % level in 80 % of cases; undefined where the separation is unknown. */
  readonly detectable: number | undefined;
  readonly alarms: readonly AlarmNeed[];
}

/**
 * Power to find tampering with this many examples, at the separation that `separation`, an AUROC, stands for (two normal
 * distributions of equal spread: d′ = √2·Φ⁻¹(AUROC)); and the trusted positives that alarms need. The realised rate of a
 * split-conformal alarm with n calibration examples has a deviation of about √(rate·(1 − rate)/n).
 */
export function powerFinding(view: InspectView, separation: Estimate): PowerFinding {
  const trusted = view.of('trusted-positive').length;
  const untrusted = view.of('untrusted-positive').length;
  const at = (auroc: number) => {
    const distance = auroc > 0.5 ? Math.SQRT2 * normalQuantile(Math.min(auroc, 0.9999)) : 0;
    return detectableShare({ trusted, untrusted, separation: distance });
  };
  const detectable = isDefined(separation) ? at(separation.value) : undefined;
  const alarms = [0.01, 0.05, 0.1].map(needOf);
  const estimates: LabelledEstimate[] = [
    { label: 'separation of trusted positives from evidence, AUROC', estimate: separation },
  ];
  if (isDefined(separation) && detectable !== undefined) {
    // A higher separation finds a smaller share.
    const [lower, upper] = [at(separation.upper) ?? 0, at(separation.lower) ?? 1];
    const ends = { lower: Math.min(1, lower), upper: Math.min(1, upper) };
    const { level } = separation;
    const estimate = { value: Math.min(1, detectable), ...ends, level, n: trusted + untrusted, method: 'normal-power' };
    estimates.push({ label: 'smallest share found at the 5 % level with 80 % power', estimate });
  }
  return {
    finding: {
      id: 'enough-examples',
      question: 'Are there enough examples to notice tampering?',
      answer:
        detectable === undefined ? 'cannot-tell' : detectable <= 0.1 && trusted >= needOf(0.1).least ? 'yes' : 'no',
      text: `${powerText(detectable, trusted, untrusted)} ${alarmText(alarms, trusted)}`,
      estimates,
    },
    detectable,
    alarms,
  };
}

/** Each fold's p-values rest on its own trusted positives; detection takes two folds at the least. */
const folds = 2;

function needOf(rate: number): AlarmNeed {
  const least = folds * Math.ceil(1 / rate - 1 - 1e-9);
  return { rate, least, wanted: folds * Math.ceil((4 * (1 - rate)) / rate - 1e-9) };
}

function powerText(detectable: number | undefined, trusted: number, untrusted: number): string {
  const of = `${countOf(trusted)} trusted and ${countOf(untrusted)} untrusted positives`;
  if (detectable === undefined)
    return `How small a share of fakes could be noticed with ${of} cannot be told: it is unknown how far fakes stand apart.`;
  if (detectable > 1)
    return `With ${of} no share of fakes would be noticed if fakes are as hard to tell as inconsistent examples are.`;
  return `With ${of}, a share of fakes of ${percent(detectable)} or more would be noticed in four of five cases (5 % level), if fakes stand apart as far as inconsistent examples do.`;
}

function alarmText(alarms: readonly AlarmNeed[], trusted: number): string {
  const parts = alarms.map(({ rate, least, wanted }) => {
    if (trusted >= wanted) return `${percent(rate)}: enough`;
    if (trusted >= least) return `${percent(rate)}: possible, ${countOf(wanted - trusted)} more make it accurate`;
    return `${percent(rate)}: impossible without ${countOf(least - trusted)} more, ${countOf(wanted - trusted)} more make it accurate`;
  });
  return `Trusted positives for an alarm at a false-alarm rate of ${parts.join('; ')}.`;
}
