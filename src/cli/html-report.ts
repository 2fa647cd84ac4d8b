import { join } from 'node:path';
import { writeWhole } from '../core/write-whole.ts';
import { asDiskFault } from '../experiments/store.ts';
import { renderHtml } from '../reports/render-html.ts';
import type { ReportView } from '../reports/report-view.ts';

/** Writes `report.html` into a run's directory, whole or not at all. */
export async function writeHtmlReport(directory: string, view: ReportView): Promise<void> {
  try {
    await writeWhole(join(directory, 'report.html'), renderHtml(view));
  } catch (error) {
    throw asDiskFault(error, directory);
  }
}
