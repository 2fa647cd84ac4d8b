import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { TouchstoneError } from '../core/errors.ts';
import { type ArrayFile, absentName, arrayFault as fault, onlyName } from './array-file.ts';
import { type ByteSource, bytesOf, openFile, partOf } from './byte-source.ts';
import { type NpyArray, openNpy } from './npy.ts';

/** No deflated byte can stand for more than this many bytes. */
const largestRatio = 1032;
/** Deflated arrays are unpacked into memory; this is the most. */
const largestUnpacked = 2 ** 30;
/** No header of an array that is read here goes further. */
const longestStart = 2 ** 17;
const stored = 0;
const deflated = 8;

/**
 * Opens an archive of arrays as `numpy.savez` and `numpy.savez_compressed` write it. Stored arrays are read from the file by
 * range of rows; a deflated one is unpacked into memory when asked for, up to 1 GiB, and its checksum compared.
 * @throws UserError when the archive is damaged; reading an array throws when that array is.
 */
export async function openNpz(path: string): Promise<ArrayFile> {
  const file = await openFile(path);
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    const entries = await entriesOf(zip, path);
    const opened = zip;
    const array = (name: string) => openArray(opened, file, entryOf(entries, name, path), `${path}/${name}`);
    return {
      path,
      names: [...entries.keys()],
      rows: async (names) => (await array(onlyName(names, path))).rows(),
      ids: async (name) => await (await array(name)).ids(),
      close: async () => {
        opened.close();
        await file.close();
      },
    };
  } catch (error) {
    zip?.close();
    await file.close();
    throw zipFault(path, error);
  }
}

async function entriesOf(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.replace(/\.npy$/, '');
    if (entries.has(name)) throw fault(`array "${name}" of ${path}`, 'there once', 'two of that name');
    entries.set(name, entry);
  }
  return entries;
}

function entryOf(entries: ReadonlyMap<string, Entry>, name: string, path: string): Entry {
  const entry = entries.get(name);
  if (entry) return entry;
  throw absentName(name, [...entries.keys()], path);
}

async function openArray(zip: ZipFile, file: ByteSource, entry: Entry, name: string): Promise<NpyArray> {
  const { compressionMethod: method, compressedSize, uncompressedSize } = entry;
  if ((method !== stored && method !== deflated) || entry.isEncrypted()) {
    throw fault(name, 'stored or deflated', entry.isEncrypted() ? 'encrypted' : `compression method ${method}`);
  }
  try {
    if (method === deflated) {
      requireUnpackable(entry, zip.fileSize, name);
      // A header that does not fit the size is found before the rest is unpacked.
      if (uncompressedSize > longestStart) await openNpy(await startOf(zip, entry, name), name);
      return await openNpy(bytesOf(await unpack(zip, entry, name), name), name);
    }
    if (compressedSize !== uncompressedSize)
      throw fault(`the size of ${name}`, String(compressedSize), uncompressedSize);
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return await openNpy(partOf(file, fileDataStart, compressedSize, name), name);
  } catch (error) {
    throw zipFault(name, error);
  }
}

function requireUnpackable({ compressedSize, uncompressedSize }: Entry, fileSize: number, name: string): void {
  const most = Math.min(largestUnpacked, Math.min(compressedSize, fileSize) * largestRatio);
  if (uncompressedSize <= most) return;
  const next = 'Save it with numpy.savez, which does not compress, or as .npy.';
  throw fault(`the unpacked size of ${name}`, `at most ${most} bytes`, `${uncompressedSize} bytes`, next);
}

/** The array as far as its header can reach; what is beyond cannot be read. */
async function startOf(zip: ZipFile, entry: Entry, name: string): Promise<ByteSource> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the stream.
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length >= longestStart) break;
  }
  // A copy with memory of its own: small buffers share theirs.
  return { ...bytesOf(new Uint8Array(Buffer.concat(chunks)), name), size: entry.uncompressedSize };
}

async function unpack(zip: ZipFile, entry: Entry, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(entry.uncompressedSize);
  let at = 0;
  // The stream ends with an error when it has fewer or more bytes than the entry says.
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytes.set(chunk as Uint8Array, at);
    at += (chunk as Uint8Array).length;
  }
  const sum = crc32(bytes);
  if (sum !== entry.crc32) throw fault(`the checksum of ${name}`, String(entry.crc32), sum);
  return bytes;
}

/** What the zip library throws, as a user's error; ours unchanged. */
function zipFault(name: string, error: unknown): unknown {
  return error instanceof TouchstoneError ? error : fault(name, 'a readable archive of numpy arrays', error);
}
