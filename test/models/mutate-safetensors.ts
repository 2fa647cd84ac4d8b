import type { Rng } from '../../src/core/random.ts';
import { flipped, spliced, truncated } from '../mutations.ts';

/** A file with this header and `data` behind it; `length` lies about the header where given. */
export function fileOf(header: unknown, data: number | Uint8Array, length?: bigint): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const content = typeof data === 'number' ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + json.length + content.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(content, 8 + json.length);
  return file;
}

const lies = [-1, 0, 1, 3, 1.5, 2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1, 2 ** 53, 1e308, '4', null, [], true];
const dtypes = ['F32', 'F16', 'BF16', 'F64', 'I64', 'BOOL', 'F4', 'f32', '', null, 7];
const lengths = [0n, 1n, 7n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 100_000_001n];

/** One damaged copy of a safetensors file: bytes flipped, cut or spliced, or a header that lies. */
export function mutateSafetensors(bytes: Uint8Array, rng: Rng): Uint8Array {
  return rng.choice([flipped, truncated, spliced, lyingLength, lyingHeader, lyingHeader, duplicated])(bytes, rng);
}

function parts(bytes: Uint8Array) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.slice(8, 8 + length));
  return { text, header: JSON.parse(text) as Record<string, Record<string, unknown>>, data: bytes.slice(8 + length) };
}

function lyingLength(bytes: Uint8Array, rng: Rng): Uint8Array {
  const { text, data } = parts(bytes);
  return fileOf(text, data, rng.chance(0.5) ? rng.choice(lengths) : BigInt(rng.integer(0, bytes.length)));
}

function lyingHeader(bytes: Uint8Array, rng: Rng): Uint8Array {
  const { header, data } = parts(bytes);
  const name = rng.choice(Object.keys(header));
  const entry = header[name] as Record<string, unknown>;
  const lie = rng.choice<() => void>([
    () => alter(entry.shape, rng),
    () => alter(entry.data_offsets, rng),
    () => {
      entry.shape = Array.from({ length: rng.integer(0, 40) }, () => rng.choice(lies));
    },
    () => {
      entry.dtype = rng.choice(dtypes);
    },
    () => {
      delete entry[rng.choice(Object.keys(entry))];
    },
    () => {
      header[name] = rng.choice(lies) as never;
    },
  ]);
  lie();
  return fileOf(header, data);
}

function alter(list: unknown, rng: Rng): void {
  if (Array.isArray(list) && list.length > 0) list[rng.integer(0, list.length - 1)] = rng.choice(lies);
}

/** A tensor named twice, or one under another's name or place. */
function duplicated(bytes: Uint8Array, rng: Rng): Uint8Array {
  const { text, header, data } = parts(bytes);
  const [from, to] = rng.sample(Object.keys(header), 2) as [string, string];
  if (rng.chance(0.5)) return fileOf({ ...header, [rng.choice([to, 'new', '__proto__'])]: header[from] }, data);
  return fileOf(`${text.trimEnd().slice(0, -1)},"${to}":${JSON.stringify(header[from])}}`, data);
}
