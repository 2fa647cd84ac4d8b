import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DetectionRecord } from '../../core/detection.ts';
import { expected } from '../../core/errors.ts';
import { estimateFromAnswers, type ReviewEstimates } from '../../detection/review/estimate-from-answers.ts';
import { readAnswers } from '../../detection/review/read-answers.ts';
import { counted } from '../../reports/category-grid.ts';
import { buildDetectionView, type ReviewView } from '../../reports/detection/detection-view.ts';
import { renderDetectionHtml } from '../../reports/detection/render-detection-html.ts';
import { renderDetectionTerminal } from '../../reports/detection/render-detection-terminal.ts';
import { noDetection, readDetections } from './detection-table.ts';
import { findDetectionConfig } from './find-detection-config.ts';
import { loadData } from './load-data.ts';
import { type OutDirectory, openOutDirectory } from './out-directory.ts';
import type { PrepareFlags } from './prepare.ts';
import { print } from './print.ts';
import { createStatus } from './status.ts';

export interface AnswersFlags extends PrepareFlags {
  readonly json?: true;
}

/** Reads the answers to a review and adds what they say to the detection that an earlier command wrote. Nothing is trained. */
export async function runAnswers(path: string, file: string, flags: AnswersFlags, signal: AbortSignal): Promise<void> {
  const { config, stem } = await findDetectionConfig(path, flags);
  const out = await openOutDirectory(flags.out, stem, config.data);
  const record = await readRecord(out);
  const rows = await readDetections(
    out,
    record.techniques.slice(1).map(({ id }) => id),
  );
  const { picked, answers } = readAnswers(await contentOf(file), basename(file));
  const estimates = estimateFromAnswers(picked, answers, rows);
  const { data } = await loadData(
    { ...config, activations: undefined },
    { out, status: createStatus({ quiet: flags.quiet === true }), signal },
  );
  requireSameData(record, data.fingerprint);
  const view = buildDetectionView({ record, rows, examples: data.examples, review: reviewView(estimates) });
  await out.write('review.json', `${JSON.stringify(estimates, null, 2)}\n`);
  await out.write('detection.html', renderDetectionHtml(view));
  print(flags.json, { ...record, review: estimates }, (options) => renderDetectionTerminal(view, options), [
    `Written to ${out.path}: detection.html, review.json`,
  ]);
}

async function readRecord({ path }: OutDirectory): Promise<DetectionRecord> {
  const file = join(path, 'detection.json');
  if (!existsSync(file)) throw noDetection(path);
  return JSON.parse(await readFile(file, 'utf8')) as DetectionRecord;
}

async function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'no such file' : (error.code ?? error.message);
    throw expected('no-answers', file, 'a review with answers', new Error(got), 'Check the path.');
  });
}

function requireSameData({ data }: DetectionRecord, fingerprint: string): void {
  if (data.fingerprint === fingerprint) return;
  const next = 'Give the data that the review was picked from, or detect anew.';
  throw expected('data-changed', `the files of ${data.name}`, `of SHA-256 ${data.fingerprint}`, fingerprint, next);
}

function reviewView({
  precision,
  falseAlarmRate,
  fakeShare,
  recall,
  asked,
  answered,
  notes,
}: ReviewEstimates): ReviewView {
  const sentence = `${counted(answered, 'answer')} of ${asked} asked for. The shares are of all untrusted positives, not only of those checked.`;
  return {
    sentence: [sentence, ...notes].join(' '),
    estimates: [
      { label: 'fake, of those flagged (precision)', estimate: precision },
      { label: 'flagged, of the fake ones (recall)', estimate: recall },
      { label: 'flagged, of the real ones (false alarms)', estimate: falseAlarmRate },
      { label: 'fake, of all untrusted positives', estimate: fakeShare },
    ],
  };
}
