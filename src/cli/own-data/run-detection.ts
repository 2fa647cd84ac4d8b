import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OwnExample } from '../../core/own-data.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { type Detection, detect } from '../../detection/detect/detect.ts';
import { saveDetector } from '../../detection/detect/save-detector.ts';
import type { DetectionConfig, DetectorConfig } from '../../detection/detection-config.ts';
import { pickForReview } from '../../detection/review/pick-for-review.ts';
import { readAnswers } from '../../detection/review/read-answers.ts';
import { reviewCsv } from '../../detection/review/review-csv.ts';
import { asDiskFault } from '../../experiments/store.ts';
import { buildDetectionView } from '../../reports/detection/detection-view.ts';
import { renderDetectionHtml } from '../../reports/detection/render-detection-html.ts';
import { renderDetectionTerminal } from '../../reports/detection/render-detection-terminal.ts';
import { writeDetections } from './detection-table.ts';
import { loadData } from './load-data.ts';
import { type OutDirectory, requireOutside } from './out-directory.ts';
import { type Prepared, type PrepareFlags, prepare } from './prepare.ts';
import { print } from './print.ts';
import { columnsFile } from './saved-columns.ts';

export interface DetectionRunFlags extends PrepareFlags {
  readonly save?: string;
  readonly auditBudget?: number;
  readonly json?: true;
}

const reviewFile = 'review.csv';

/** Trains on the data at a path, scores all of it out of sample, writes and prints what it found. */
export async function runDetection(path: string, flags: DetectionRunFlags, signal: AbortSignal): Promise<void> {
  const prepared = await prepare(path, flags, signal);
  const { config, out, status } = prepared;
  if (flags.save !== undefined) requireOutside(flags.save, '--save', config.data);
  if (flags.auditBudget !== undefined) await requireNoAnswers(out);
  const { data, features } = await loadData(config, { out, status, signal });
  const detection = await status.during(`scoring ${data.examples.length} examples`, (progress) => {
    const { modelPath } = prepared;
    return detect({ data, config: detectorConfigOf(config), features, modelPath, progress, signal });
  });
  const record = { ...detection.record, notes: [...detection.record.notes, ...(data.notes ?? [])] };
  const { rows } = detection;
  const further = record.techniques.slice(1).map(({ id }) => id);
  const view = buildDetectionView({ record, rows, examples: data.examples });
  await writeDetections(out, rows, further);
  await out.write('detection.json', `${JSON.stringify(record, null, 2)}\n`);
  await out.write('detection.html', renderDetectionHtml(view));
  const reviewed = await writeReview(prepared, detection, data.examples, flags.auditBudget);
  const saved = await save(detection, prepared, flags);
  const files = ['detection.html', 'detections.csv', 'detections.parquet', 'detection.json', ...reviewed];
  print(flags.json, record, (options) => renderDetectionTerminal(view, options), [
    `Written to ${out.path}: ${files.join(', ')}`,
    ...saved,
    ...(reviewed.length === 0 ? [] : [nextStep(path, out, flags)]),
  ]);
}

/** What of a config says how examples are judged, and nothing of where they stand. */
function detectorConfigOf(config: DetectionConfig): DetectorConfig {
  const { data: _data, columns: _columns, activations: _activations, results: _results, ...rest } = config;
  const { maxRejected: _maxRejected, ...detector } = rest;
  return detector;
}

async function save({ detector }: Detection, { config }: Prepared, flags: DetectionRunFlags): Promise<string[]> {
  const { save: directory } = flags;
  if (directory === undefined) return [];
  try {
    await saveDetector(detector, directory);
    await writeWhole(join(directory, columnsFile), `${JSON.stringify(config.columns, null, 2)}\n`);
  } catch (error) {
    throw asDiskFault(error, directory);
  }
  return [`The detector is in ${directory}: touchstone detect --with ${directory} <new data>`];
}

async function writeReview(
  { out, config: { seed } }: Prepared,
  { rows }: Detection,
  examples: readonly OwnExample[],
  budget: number | undefined,
): Promise<string[]> {
  if (budget === undefined) return [];
  const texts = new Map(examples.map(({ id, text }) => [id, text]));
  await out.write(reviewFile, reviewCsv(pickForReview(rows, { budget, seed }), texts));
  return [reviewFile];
}

/** Nobody's work is written over. */
async function requireNoAnswers({ path }: OutDirectory): Promise<void> {
  const file = join(path, reviewFile);
  if (!existsSync(file)) return;
  const { answers } = readAnswers(await readFile(file, 'utf8'), file);
  if (answers.size === 0) return;
  const next = `Read them with --answers ${file}, or move the file away.`;
  throw new UserError(
    'answers-there',
    `Expected ${file} to hold no answers before another review is written there, got ${answers.size}. ${next}`,
  );
}

function nextStep(path: string, { path: directory }: OutDirectory, { out }: DetectionRunFlags): string {
  const file = join(directory, reviewFile);
  const where = out === undefined ? '' : ` --out ${out}`;
  return `Fill in the column real of ${file} with yes or no, then: touchstone detect ${path} --answers ${file}${where}`;
}
