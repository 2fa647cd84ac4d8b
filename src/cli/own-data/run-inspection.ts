import type { InspectionRecord } from '../../core/inspection.ts';
import { inspectData } from '../../detection/inspect/inspect-data.ts';
import { renderInspectionHtml } from '../../reports/inspection/render-inspection-html.ts';
import { renderInspectionTerminal } from '../../reports/inspection/render-inspection-terminal.ts';
import { inspectionFeatures } from './inspection-features.ts';
import { loadData } from './load-data.ts';
import { type PrepareFlags, prepare } from './prepare.ts';
import { print } from './print.ts';
import { sampleData } from './sample-data.ts';

export interface InspectionFlags extends PrepareFlags {
  readonly json?: true;
  readonly sample?: number;
}

/** Enough for intervals of a few hundredths, in a minute or two. */
const defaultSample = 6_000;

/** Inspects the data at a path, writes `inspection.json` and `inspection.html`, and prints what it found. */
export async function runInspection(path: string, flags: InspectionFlags, signal: AbortSignal): Promise<void> {
  const { config, modelPath, out, status } = await prepare(path, flags, signal);
  const { data: all, features: own } = await loadData(config, { out, status, signal });
  const data = sampleData(all, flags.sample ?? defaultSample, config.seed);
  const features = await status.during(`encoding ${data.examples.length} examples`, (progress) =>
    inspectionFeatures(config, data, { modelPath, features: own, progress, signal }),
  );
  const inspected = await status.during('inspecting', (progress) =>
    inspectData({ data, features, seed: config.seed, signal, progress }),
  );
  const record: InspectionRecord = { ...inspected, ...(data.notes?.length && { notes: data.notes }) };
  await out.write('inspection.json', `${JSON.stringify(record, null, 2)}\n`);
  await out.write('inspection.html', renderInspectionHtml(record));
  print(flags.json, record, (options) => renderInspectionTerminal(record, options), [
    `Written to ${out.path}: inspection.html, inspection.json`,
  ]);
}
