/**
 * CSV and TSV as RFC 4180 has them, line by line. A library's parser ends at the first record that it cannot read; here a
 * fault costs the record that has it.
 */
import type { CellsOrFault } from './cells-or-fault.ts';
import { maxColumns } from './cells-or-fault.ts';
import { linesOf } from './lines-of.ts';
import { type SeparatedRecord, separatedRecords } from './separated-records.ts';
import { unreadable } from './unreadable.ts';

/**
 * Rows below the header; empty cells are absent.
 * @throws UserError `unreadable-data` when the header names a column twice, has too many, or cannot be read.
 */
export async function* separatedRows(path: string, delimiter: string): AsyncGenerator<CellsOrFault> {
  let names: readonly string[] | undefined;
  try {
    const { sign, isDeclared } = await dialectOf(path, delimiter);
    let isDeclaration = isDeclared;
    for await (const record of separatedRecords(path, sign, () => names?.length ?? maxColumns)) {
      if (names !== undefined) yield rowOf(record, names);
      else if (isDeclaration) isDeclaration = false;
      else names = columnNames(record);
    }
  } catch (cause) {
    throw unreadable(path, delimiter === ',' ? 'CSV' : 'TSV', cause);
  }
}

/**
 * What stands between cells: what Excel's line `sep=;` declares, else the usual sign, but semicolons or tabs where they are
 * in the header and no comma is, as spreadsheets write CSV in many countries.
 */
async function dialectOf(
  path: string,
  usual: string,
): Promise<{ readonly sign: string; readonly isDeclared: boolean }> {
  for await (const { text, isCut } of linesOf(path)) {
    if (isCut) break;
    if (text.trim() === '') continue;
    const declared = /^"?sep=([^"])"?\r?$/i.exec(text)?.[1];
    if (declared !== undefined) return { sign: declared, isDeclared: true };
    const bare = text.replace(/"[^"]*"?/g, '');
    const other = usual === ',' && !bare.includes(',') ? [';', '\t'].find((sign) => bare.includes(sign)) : undefined;
    return { sign: other ?? usual, isDeclared: false };
  }
  return { sign: usual, isDeclared: false };
}

function columnNames({ line, cells, count, fault }: SeparatedRecord): readonly string[] {
  if (fault !== undefined) throw new Error(`line ${line}, the header: ${fault}`);
  if (count > maxColumns) throw new Error(`${count} columns, more than ${maxColumns}`);
  if (cells.some((name) => name.includes('\r'))) throw new Error('lines that end in CR alone, not in LF');
  const twice = new Set(cells).size < cells.length && cells.find((name, i) => cells.indexOf(name) < i);
  if (typeof twice === 'string') throw new Error(`two columns of the name "${twice}"`);
  return cells;
}

function rowOf({ line, raw, cells, count, fault }: SeparatedRecord, names: readonly string[]): CellsOrFault {
  const reason = fault ?? (count === names.length ? undefined : `${count} cells for ${names.length} columns`);
  if (reason !== undefined) return { line, fault: reason, raw };
  const present = names.flatMap((name, i) => (cells[i] === '' ? [] : [[name, cells[i]] as const]));
  return { line, raw, columns: names, cells: Object.fromEntries(present) };
}
