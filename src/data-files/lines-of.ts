import { Buffer, isUtf8 } from 'node:buffer';
import { expected } from '../core/errors.ts';
import { contentOf } from './content-of.ts';
import { unreadable } from './unreadable.ts';

/** A line of a text file, without its newline. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Its text: of a line with a fault as far as it can be told, of one that is too long only the beginning. */
  readonly text: string;
  /** Why it cannot be read as it stands. */
  readonly fault?: string;
  /** Whether the text is the beginning only. */
  readonly isCut?: true;
}

/** No line may be longer, in bytes: 16 MiB. */
const maxLineBytes = 2 ** 24;
const headBytes = 8192;
const newline = 10;

/**
 * Lines in order, in memory that a line's limit bounds: of a longer one the beginning is kept and the rest passed over.
 * A byte order mark is left out.
 * @throws UserError `unreadable-data` when the file cannot be read, unpacked, or is UTF-16.
 */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const input = contentOf(path);
  const gathered = createGathering();
  let number = 0;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        gathered.add(chunk.subarray(start, end));
        yield lineOf(gathered.take(), ++number, path);
        start = end + 1;
      }
      gathered.add(chunk.subarray(start));
    }
    const last = gathered.take();
    if (last.size > 0) yield lineOf(last, ++number, path);
  } catch (cause) {
    throw unreadable(path, 'text', cause);
  } finally {
    input.destroy();
  }
}

interface Gathered {
  readonly bytes: Buffer;
  /** Bytes of the whole line, more than are held where it is too long. */
  readonly size: number;
}

function createGathering(): { add(part: Buffer): void; take(): Gathered } {
  let parts: Buffer[] = [];
  let size = 0;
  return {
    add(part) {
      size += part.length;
      if (part.length > 0 && size <= maxLineBytes) parts.push(part);
      else if (size > maxLineBytes && parts.length > 1) parts = [Buffer.concat(parts).subarray(0, headBytes)];
    },
    take() {
      const [only] = parts;
      const bytes = only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
      const taken = { bytes, size };
      [parts, size] = [[], 0];
      return taken;
    },
  };
}

function lineOf({ bytes, size }: Gathered, number: number, path: string): Line {
  if (number === 1) requireBytes(bytes, path);
  if (size > maxLineBytes) {
    const fault = `the line has ${size} bytes, more than ${maxLineBytes}`;
    return { number, text: bytes.subarray(0, headBytes).toString('utf8'), fault, isCut: true };
  }
  const decoded = bytes.toString('utf8');
  const text = number === 1 && decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
  if (!isUtf8(bytes)) return { number, text, fault: 'invalid UTF-8' };
  return bytes.includes(0) ? { number, text, fault: 'a NUL byte' } : { number, text };
}

function requireBytes(bytes: Buffer, path: string): void {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) throw expected('unreadable-data', path, 'UTF-8', 'UTF-16', 'Save it as UTF-8.');
}
