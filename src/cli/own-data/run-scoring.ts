import { basename, join } from 'node:path';
import { csvLine } from '../../core/csv-line.ts';
import type { DetectionRow } from '../../core/detection.ts';
import type { OwnExample } from '../../core/own-data.ts';
import type { Detector } from '../../detection/detect/detector.ts';
import { scoreRows } from '../../detection/detect/score-rows.ts';
import type { DetectionConfig } from '../../detection/detection-config.ts';
import { asDiskFault } from '../../experiments/store.ts';
import { createRejectLog } from '../../own-data/create-reject-log.ts';
import { isRejected, readOwnRows } from '../../own-data/read-own-rows.ts';
import { renderScoringTerminal } from '../../reports/detection/render-scoring-terminal.ts';
import type { ScoringSummary } from '../../reports/detection/scoring-summary.ts';
import { columnsOf, rowLine } from './detection-table.ts';
import { findDetectionConfig } from './find-detection-config.ts';
import { rejectFile } from './load-data.ts';
import { openDetector, requireDetector } from './open-detector.ts';
import { type OutDirectory, openOutDirectory } from './out-directory.ts';
import type { PrepareFlags } from './prepare.ts';
import { print } from './print.ts';
import { savedColumns } from './saved-columns.ts';
import { createStatus } from './status.ts';
import { openStreamFile } from './stream-file.ts';
import { createSuspects } from './suspects.ts';

export interface ScoringFlags extends PrepareFlags {
  /** Directory of the saved detector. */
  readonly with: string;
  readonly json?: true;
}

const resultFile = 'detections.csv';

/** Scores the data at a path with a saved detector, row by row, in memory that does not grow with them. */
export async function runScoring(path: string, flags: ScoringFlags, signal: AbortSignal): Promise<void> {
  const { model: _model, ...others } = flags;
  requireDetector(flags.with);
  const { config, stem } = await findDetectionConfig(path, others, await savedColumns(flags.with));
  const status = createStatus({ quiet: flags.quiet === true });
  const detector = await status.during(`opening the detector in ${flags.with}`, (progress) =>
    openDetector(flags.with, config, { ...flags, progress, signal }),
  );
  const out = await openOutDirectory(flags.out, stem, config.data);
  const summary = await status.during(`scoring ${basename(config.data)}`, (progress) =>
    scoreFile(config, detector, flags, { out, signal, onRows: (done) => progress(done, 0, 'rows') }).catch(
      (error: unknown) => {
        throw asDiskFault(error, out.path);
      },
    ),
  );
  print(flags.json, summary, (options) => renderScoringTerminal(summary, options), [
    `Written to ${out.path}: ${resultFile}`,
  ]);
}

interface Watch {
  readonly out: OutDirectory;
  readonly signal: AbortSignal;
  readonly onRows: (done: number) => void;
}

async function scoreFile(
  config: DetectionConfig,
  detector: Detector,
  { alarm, correction }: ScoringFlags,
  { out, signal, onRows }: Watch,
): Promise<ScoringSummary> {
  const further = detector.fitted.techniques.slice(1).map(({ name }) => name);
  const { maxRejected } = config;
  const log = createRejectLog({ path: join(out.path, rejectFile), maxRejected });
  const file = await openStreamFile(join(out.path, resultFile));
  const tally = createTally();
  try {
    const options = {
      ...{ signal, onRows },
      ...(alarm !== undefined && { alarm }),
      ...(correction !== undefined && { correction: config.correction }),
    };
    await file.append(csvLine(columnsOf(further, false)));
    const examples = keeping(tally, examplesIn(config, detector, log, tally, signal));
    for await (const row of scoreRows(detector, examples, options)) {
      tally.see(row);
      await file.append(rowLine(row, further, false));
    }
    await log.finish(tally.rows());
    await file.finish();
    return summaryOf(config, detector, alarm, tally);
  } finally {
    await log.abandon();
    await file.abandon();
  }
}

async function* examplesIn(
  config: DetectionConfig,
  { data }: Detector,
  log: ReturnType<typeof createRejectLog>,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<OwnExample> {
  const { measurementNames } = data;
  for await (const row of readOwnRows(config, { measurementNames, distinctIds: false, partial: true, signal })) {
    if (!isRejected(row)) yield row;
    else {
      tally.rejected++;
      await log.add(row);
      // What was read so far is told with the reasons.
      if (log.isHopeless(tally.rows())) return;
    }
  }
}

/** Remembers each example until its row comes back. */
async function* keeping(tally: Tally, examples: AsyncIterable<OwnExample>): AsyncGenerator<OwnExample> {
  for await (const example of examples) {
    tally.waiting.push(example);
    yield example;
  }
}

interface Tally {
  rejected: number;
  readonly waiting: OwnExample[];
  readonly counts: { examples: number; flagged: number; untrustedPositives: number; unmeasured: number };
  readonly suspects: ReturnType<typeof createSuspects>;
  rows(): number;
  see(row: DetectionRow): void;
}

function createTally(): Tally {
  const counts = { examples: 0, flagged: 0, untrustedPositives: 0, unmeasured: 0 };
  const tally: Tally = {
    rejected: 0,
    waiting: [],
    counts,
    suspects: createSuspects(),
    rows: () => counts.examples + tally.waiting.length + tally.rejected,
    see(row) {
      tally.suspects.add(row, tally.waiting.shift() as OwnExample);
      counts.examples++;
      counts.flagged += Number(row.flagged);
      counts.untrustedPositives += Number(row.category === 'untrusted-positive');
      counts.unmeasured += Number(row.category === 'unmeasured');
    },
  };
  return tally;
}

function summaryOf(
  { data }: DetectionConfig,
  { config, data: trained, model, fitted }: Detector,
  alarm: number | undefined,
  { rejected, counts, suspects, rows }: Tally,
): ScoringSummary {
  const { techniques, calibration } = fitted;
  const { flagged, untrustedPositives, unmeasured } = counts;
  const calibrationExamples = calibration.scores.length;
  return {
    kind: 'scoring',
    schemaVersion: 1,
    data: { name: basename(data), rows: rows(), rejected, unmeasured },
    detector: { model, trainedOn: trained.name, techniques: techniques.map(({ name }) => name) },
    alarm: {
      rate: alarm ?? config.alarm,
      correction: 'none',
      weighted: config.weighted,
      calibrationExamples,
      smallestPValue: 1 / (calibrationExamples + 1),
      ...{ flagged, untrustedPositives },
    },
    suspects: suspects.list(),
  };
}
