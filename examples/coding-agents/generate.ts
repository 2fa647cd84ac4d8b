/**
 * Makes the data of this folder: attempts of people and of coding agents at small programming tasks, as CSV.
 * Run it: npx node examples/coding-agents/generate.ts [directory] [rows]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CsvCell, csvLine } from '../../src/core/csv-line.ts';
import { makeAttempts, measurementNames } from './attempts.ts';

const [directory = import.meta.dirname, rows] = process.argv.slice(2);
const attempts = await makeAttempts(0, rows === undefined ? undefined : Number(rows));
write('outcomes.csv', [
  ['id', 'task', 'source', 'text', ...measurementNames],
  ...attempts.map(({ id, task, source, text, measurements }) => [id, task, source, text, ...measurements]),
]);
write('outcomes-ground-truth.csv', [
  ['id', 'ground_truth', 'kind'],
  ...attempts.map(({ id, groundTruth, kind }) => [id, groundTruth, kind]),
]);

function write(name: string, lines: readonly (readonly CsvCell[])[]): void {
  writeFileSync(join(directory, name), lines.map((cells) => csvLine(cells).replace(/\r\n$/, '\n')).join(''));
  console.log(`${lines.length - 1} rows in ${name}`);
}
