import type { DataSummary, InspectionRecord } from '../../core/inspection.ts';
import { type ObservedCategory, type OwnData, observedCategories } from '../../core/own-data.ts';
import { adviceOn } from './advice.ts';
import { countFinding } from './count-finding.ts';
import { dependenceFinding } from './dependence-finding.ts';
import { evidenceFinding } from './evidence-finding.ts';
import { fakeShare } from './fake-share.ts';
import { fakeShareFinding } from './fake-share-finding.ts';
import { type InspectOptions, type InspectView, inspectView } from './inspect-view.ts';
import { powerFinding } from './power-finding.ts';
import { predictabilityFinding } from './predictability-finding.ts';
import { shiftFinding } from './shift-finding.ts';
import { verdictOf } from './verdict.ts';

const steps = 5;

/**
 * Whether tampering could be detected in some data, and how much of it there seems to be. Pure: the same data, features
 * and seed give the same record. Ground truth is never read. Every score is cross-fitted; examples of one group or text are
 * never in two folds. What cannot be computed is `undefined` with its reason, and its finding says `cannot-tell`.
 * @throws UserError `length` or `not-finite` when the features do not fit the examples.
 */
export async function inspectData(options: InspectOptions): Promise<InspectionRecord> {
  const view = inspectView(options);
  const done = (count: number) => options.progress?.(count, steps, 'questions');
  const predictable = await predictabilityFinding(view);
  done(1);
  const evidence = await evidenceFinding(view);
  done(2);
  const shift = await shiftFinding(view);
  done(3);
  const dependence = await dependenceFinding(view);
  done(4);
  const share = await fakeShare(view, shift.negatives);
  done(5);
  const power = powerFinding(view, share.separation);
  const findings = [
    countFinding(view),
    predictable,
    evidence,
    shift.finding,
    dependence,
    fakeShareFinding(share, shift.negatives),
    power.finding,
  ];
  const weighed = { findings, share, topic: shift.negatives, detectable: power.detectable };
  return {
    kind: 'inspection',
    schemaVersion: 1,
    data: summaryOf(options.data, view),
    features: options.features.name,
    findings,
    fakeShare: { combined: share.combined, methods: share.methods },
    verdict: verdictOf(view, weighed),
    advice: adviceOn(view, weighed, power.alarms),
    seed: options.seed,
  };
}

function summaryOf({ name, fingerprint, rows, rejected, measurementNames }: OwnData, view: InspectView): DataSummary {
  const counts = Object.fromEntries(observedCategories.map((category) => [category, view.of(category).length]));
  return {
    name,
    fingerprint,
    rows,
    rejected: rejected.length,
    measurementNames,
    counts: counts as Record<ObservedCategory, number>,
  };
}
