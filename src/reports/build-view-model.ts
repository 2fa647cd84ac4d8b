import type { RunRecord } from '../core/records.ts';
import type { ReportInput } from './report-input.ts';
import type { DetailView, ReportView } from './report-view.ts';
import { buildGroup } from './view/build-group.ts';
import { buildMatrix } from './view/build-matrix.ts';
import { buildSweep } from './view/build-sweep.ts';
import { distinct } from './view/distinct.ts';

/**
 * Everything that a report says, from a run's record, scores and judged examples. Pure; estimates are passed on
 * unchanged, and only curves, percentiles and the verdict's words are computed here.
 */
export function buildViewModel(input: ReportInput): ReportView {
  const { record } = input;
  const isSweep = record.points !== undefined;
  return {
    title: titleOf(record),
    runId: record.runId,
    startedAt: record.startedAt,
    // Of the work, whichever run did it: a second start that keeps every step takes no time of its own.
    seconds: record.steps.reduce((sum, step) => sum + step.seconds, 0),
    groups: isSweep ? [] : groupsOf(record).map(({ setting, model }) => buildGroup(input, setting, model)),
    matrix: buildMatrix(record),
    sweeps: isSweep ? distinct(record.results.map(({ setting }) => setting)).map((one) => buildSweep(record, one)) : [],
    techniques: record.techniques,
    details: detailsOf(record),
    steps: record.steps,
    config: record.config,
    versions: record.versions,
    dataFingerprint: record.dataFingerprint,
    machine: record.machine,
  };
}

function titleOf({ results }: RunRecord): string {
  const settings = distinct(results.map(({ setting }) => setting));
  if (settings.length > 3) return `Real or fake? ${settings.length} settings`;
  return settings.length === 0 ? 'Real or fake?' : `Real or fake? ${settings.join(', ')}`;
}

function groupsOf({ results }: RunRecord) {
  const models = distinct(results.map(({ setting, model }) => JSON.stringify([setting, model])));
  return models.map((key) => JSON.parse(key) as [string, string]).map(([setting, model]) => ({ setting, model }));
}

function detailsOf({ details }: RunRecord): DetailView[] {
  return Object.entries(details).map(([key, chosen]) => ({
    key,
    entries: Object.entries(chosen).map(([name, value]) => ({ name, value })),
  }));
}
