import { describe } from '../core/errors.ts';
import type { OwnExample } from '../core/own-data.ts';
import { type ColumnPath, cellAt, pathOf } from './column-path.ts';
import { createMeasurementReader, type MeasurementReader } from './create-measurement-reader.ts';
import { measurementColumns, type OwnColumns } from './own-data-config.ts';
import { parseRule } from './parse-rule.ts';
import { readTruth } from './read-truth.ts';
import { renderMessages } from './render-messages.ts';
import { RowFault } from './row-fault.ts';

/** Turns rows into examples by a mapping of columns. */
export interface RowMapper {
  readonly measurements: MeasurementReader;
  /**
   * The example in a row.
   * @param place what it is called where no column says so.
   * @throws RowFault saying why there is none.
   */
  map(cells: unknown, place: string): OwnExample;
}

const maxNameLength = 1000;

/** @param known names of the measurements that there are to be. @default learned from the rows */
export function createRowMapper(columns: OwnColumns, known?: readonly string[]): RowMapper {
  const measurements = createMeasurementReader(measurementColumns(columns), known);
  const idOf = nameReader(columns.id);
  const groupOf = nameReader(columns.group);
  const textOf = textReader(columns);
  const isTrusted = trustReader(columns);
  const groundTruthOf = truthReader(columns.groundTruth);
  const map = (cells: unknown, place: string): OwnExample => {
    if (typeof cells !== 'object' || cells === null || Array.isArray(cells)) {
      throw new RowFault(`the row is ${describe(cells)}, not an object of columns`);
    }
    const id = columns.id === undefined ? place : idOf(cells);
    if (id === undefined) throw new RowFault(`no id in "${columns.id}"`);
    const groundTruth = groundTruthOf(cells);
    const group = groupOf(cells);
    const text = textOf(cells);
    const trusted = isTrusted(cells);
    return {
      id,
      text,
      // Last, for the reader learns from them: a row that is rejected teaches no measurements.
      measurements: measurements.read(cells),
      trusted,
      ...(groundTruth !== null && { groundTruth }),
      ...(group !== undefined && { group }),
    };
  };
  return { measurements, map };
}

/** Every column that a mapping reads, by the name that the config gives it; `input` alone: those without which there is no text. */
export function mappedColumns(columns: OwnColumns, which: 'all' | 'input'): readonly (readonly [string, ColumnPath])[] {
  const { id, text, messages, trusted, trustedWhere, groundTruth, group } = columns;
  const input = [id, text, messages];
  const others = [...measurementColumns(columns), trusted, groundTruth, group];
  const names = (which === 'input' ? input : [...input, ...others]).filter((name) => name !== undefined);
  const rule = trustedWhere === undefined || which === 'input' ? [] : parseRule(trustedWhere).columns;
  return [
    ...names.map((name) => [name, pathOf(name)] as const),
    ...rule.map((path) => [path.join('.'), path] as const),
  ];
}

function nameReader(column: string | undefined): (cells: unknown) => string | undefined {
  const path = column === undefined ? undefined : pathOf(column);
  return (cells) => {
    const cell = path && cellAt(cells, path);
    if (cell === undefined || cell === null || cell === '' || Number.isNaN(cell)) return undefined;
    if (!['string', 'number', 'bigint', 'boolean'].includes(typeof cell)) {
      throw new RowFault(`"${column}" is ${describe(cell)}, not a name`);
    }
    const name = String(cell);
    if (name.length > maxNameLength)
      throw new RowFault(`"${column}" has ${name.length} characters, over ${maxNameLength}`);
    return name;
  };
}

function textReader({ text, messages }: OwnColumns): (cells: unknown) => string {
  const column = text ?? messages;
  if (column === undefined) return () => '';
  const path = pathOf(column);
  return (cells) => {
    const cell = cellAt(cells, path);
    const isEmpty = cell === undefined || cell === null || cell === '';
    if (isEmpty || (typeof cell === 'string' && cell.trim() === '')) throw new RowFault(`no text in "${column}"`);
    if (messages !== undefined) return renderMessages(cell);
    if (typeof cell === 'string') return cell;
    const next = Array.isArray(cell) ? '; name the column as messages if they are chat messages' : '';
    throw new RowFault(`"${column}" is ${describe(cell)}, not text${next}`);
  };
}

/** What is not known to be trusted is not. */
function trustReader({ trusted, trustedWhere }: OwnColumns): (cells: unknown) => boolean {
  if (trustedWhere !== undefined) return parseRule(trustedWhere).isMet;
  const truthOf = truthReader(trusted);
  return (cells) => truthOf(cells) === true;
}

function truthReader(column: string | undefined): (cells: unknown) => boolean | null {
  if (column === undefined) return () => null;
  const path = pathOf(column);
  return (cells) => {
    const cell = cellAt(cells, path);
    const truth = readTruth(cell);
    if (truth === undefined) throw new RowFault(`"${column}" is ${describe(cell)}, not true or false`);
    return truth;
  };
}
