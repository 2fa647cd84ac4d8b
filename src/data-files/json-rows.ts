/** JSON Lines line by line; JSON arrays whole, up to a size. */
import { Buffer } from 'node:buffer';
import { type CellsOrFault, maxColumns } from './cells-or-fault.ts';
import { contentOf } from './content-of.ts';
import { linesOf } from './lines-of.ts';
import { unreadable } from './unreadable.ts';

const maxArrayBytes = 2 ** 28;
const maxDepth = 100;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Rows of a file of JSON Lines, or of one that holds an array, whichever it begins like. Python's NaN and Infinity are null.
 * @throws UserError `unreadable-data` when the file cannot be read, or is an array that is damaged or has over 256 MiB.
 */
export async function* jsonRows(path: string): AsyncGenerator<CellsOrFault> {
  if (await beginsArray(path)) {
    let line = 0;
    for (const cells of await readArray(path)) {
      const fault = faultIn(cells);
      yield fault === undefined ? { line: ++line, cells } : { line: ++line, fault, raw: '' };
    }
    return;
  }
  for await (const { number: line, text, fault } of linesOf(path)) {
    if (fault !== undefined) yield { line, fault, raw: text };
    else if (text.trim() !== '') yield { line, raw: text, ...parsed(text) };
  }
}

/** Whether the first byte that is neither space nor a byte order mark opens an array. */
async function beginsArray(path: string): Promise<boolean> {
  const input = contentOf(path);
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const first = chunk.find((byte) => ![0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d].includes(byte));
      if (first !== undefined) return first === 0x5b;
    }
    return false;
  } catch (cause) {
    throw unreadable(path, 'text', cause);
  } finally {
    input.destroy();
  }
}

async function readArray(path: string): Promise<unknown[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  const input = contentOf(path);
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxArrayBytes) {
        throw new Error(`an array of more than ${maxArrayBytes} bytes; write it as JSON Lines, one row on each line`);
      }
    }
    return parseJson(decoder.decode(Buffer.concat(chunks))) as unknown[];
  } catch (cause) {
    throw unreadable(path, 'JSON', cause);
  } finally {
    input.destroy();
  }
}

function parsed(text: string): { readonly cells: unknown } | { readonly fault: string } {
  try {
    const cells = parseJson(text);
    const fault = faultIn(cells);
    return fault === undefined ? { cells } : { fault };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error;
    return JSON.parse(mended(text));
  }
}

/** Null for the numbers that Python writes and JSON knows not; what stands in strings stays. */
function mended(text: string): string {
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('"', at);
    const until = open < 0 ? text.length : open;
    plain += text.slice(at, until).replace(/-?\bInfinity\b|\bNaN\b/g, 'null');
    at = open < 0 ? until : endOfString(text, open);
    plain += text.slice(until, at);
  }
  return plain;
}

/** Behind the quote that closes a string; by hand, for an expression fills its memory with a long one. */
function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (text.charAt(before - 1) === '\\') before--;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Why cells are not to be handed on: what walks them later may recurse. */
function faultIn(cells: unknown): string | undefined {
  if (!isParent(cells)) return undefined;
  const count = Array.isArray(cells) ? 0 : Object.keys(cells).length;
  if (count > maxColumns) return `${count} keys, more than ${maxColumns}`;
  let level: object[] = [cells];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return `nested more than ${maxDepth} deep`;
    level = level.flatMap((parent) => Object.values(parent).filter(isParent));
  }
  return undefined;
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
