/**
 * Which results can be believed? As a library, with examples in memory: no file is read or written.
 * Run it: npx node examples/detect.ts
 */
import { createRng, detect, type OwnExample, resolveDetectorConfig } from '../src/index.ts';

const measurementNames = ['file count', 'checksums'];
const data = { measurementNames, examples: backups() };
const config = resolveDetectorConfig({ alarm: 0.05, techniques: ['mahalanobis'], folds: 2 });
const { record, rows } = await detect({ data, config });
console.log(`${record.alarm.flagged} of ${record.alarm.untrustedPositives} passing backups are flagged`);
const texts = new Map(data.examples.map(({ id, text }) => [id, text]));
for (const { id, pValue, flagged } of rows) if (flagged) console.log(pValue?.toFixed(3), texts.get(id));

/** Logs of backup jobs. Those of the old tool are trusted; the new one at times fakes what is measured, and not always well. */
function backups(): OwnExample[] {
  const rng = createRng(0, 'backups');
  const real = ['Copied', 'Transferred', 'Stored'];
  const fake = ['Created empty placeholders instead of', 'Skipped the copy and touched'];
  const log = (words: readonly string[]) =>
    `${rng.choice(words)} ${rng.integer(2, 90)} ${rng.choice(['photos', 'invoices', 'mails', 'tables'])} on disk ${rng.integer(1, 9)}.`;
  const make = (count: number, trusted: boolean, words: readonly string[], measurements: readonly boolean[]) =>
    Array.from({ length: count }, () => ({ text: log(words), trusted, measurements }));
  const examples = [
    ...make(110, true, real, [true, true]),
    ...make(20, true, ['Could not reach the server for'], [false, false]),
    ...make(60, false, real, [true, true]),
    ...make(15, false, fake, [true, true]),
    ...make(15, false, fake, [true, false]),
    ...make(15, false, fake, [false, true]),
    ...make(20, false, ['Could not reach the server for'], [false, false]),
  ];
  return examples.map((example, i) => ({ id: `job-${i + 1}`, ...example }));
}
