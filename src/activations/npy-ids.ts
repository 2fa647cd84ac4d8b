import { arrayFault as fault } from './array-file.ts';

/** Bytes of one item of a dtype that can hold ids, `<U…`, `|S…` or whole numbers; undefined for others. */
export function npyIdBytes(descr: string): number | undefined {
  const [, kind, digits] = /^(<U|\|S|[<|][iu])(\d{1,9})$/.exec(descr) ?? [];
  const size = Number(digits);
  if (kind === '<U') return 4 * size;
  if (kind === '|S') return size;
  if (kind === undefined || ![1, 2, 4, 8].includes(size) || (kind.startsWith('|') && size > 1)) return undefined;
  return size;
}

/** Ids from the bytes of `count` items of such a dtype. */
export function decodeNpyIds(bytes: Uint8Array, descr: string, count: number, name: string): readonly string[] {
  const width = npyIdBytes(descr) as number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const item = decoderOf(descr, width, view, name);
  return Array.from({ length: count }, (_, i) => item(i * width));
}

function decoderOf(descr: string, width: number, view: DataView, name: string): (at: number) => string {
  const kind = descr[1];
  if (kind === 'U') return (at) => unicodeOf(view, at, width, name);
  if (kind === 'S') return (at) => bytesOf(view, at, width);
  const signed = kind === 'i';
  return (at) => String(integerOf(view, at, width, signed));
}

/** UTF-32, padded with zeros. */
function unicodeOf(view: DataView, at: number, width: number, name: string): string {
  const points: number[] = [];
  for (let offset = at; offset < at + width; offset += 4) points.push(view.getUint32(offset, true));
  while (points.at(-1) === 0) points.pop();
  const bad = points.find((point) => point > 0x10ffff);
  if (bad !== undefined) throw fault(`the text of ${name}`, 'Unicode', `code point ${bad}`);
  return points.map((point) => String.fromCodePoint(point)).join('');
}

function bytesOf(view: DataView, at: number, width: number): string {
  let end = at + width;
  while (end > at && view.getUint8(end - 1) === 0) end--;
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at));
}

function integerOf(view: DataView, at: number, width: number, signed: boolean): number | bigint {
  if (width === 8) return signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  if (width === 4) return signed ? view.getInt32(at, true) : view.getUint32(at, true);
  if (width === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  return signed ? view.getInt8(at) : view.getUint8(at);
}
