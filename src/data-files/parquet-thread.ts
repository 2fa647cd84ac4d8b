/** The thread that decodes Parquet, which a damaged file may keep busy for ever; see parquet-rows.ts. */
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { ParquetMessage } from './parquet-rows.ts';
import { requireColumns, requirePages } from './require-pages.ts';

const port = parentPort as MessagePort;
const say = (message: ParquetMessage) => port.postMessage(message);

async function readGroups(path: string): Promise<void> {
  const { file, close } = await openBytes(path);
  try {
    const metadata = await parquetMetadataAsync(file);
    requireColumns(metadata);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      say({ kind: 'begins', bytes: await requirePages(file, group) });
      const rowEnd = rowStart + Number(group.num_rows);
      say({ kind: 'rows', rows: await parquetReadObjects({ file, metadata, rowStart, rowEnd }) });
      rowStart = rowEnd;
      await once(port, 'message');
    }
  } finally {
    await close();
  }
}

async function openBytes(path: string): Promise<{ readonly file: AsyncBuffer; close(): Promise<void> }> {
  const handle = await open(path);
  const { size: byteLength } = await handle.stat();
  const slice = async (start: number, end = byteLength) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - start));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new Error(`${bytesRead} of ${bytes.length} bytes at ${start}`);
    return bytes.buffer;
  };
  return { file: { byteLength, slice }, close: () => handle.close() };
}

try {
  await readGroups(workerData as string);
  say({ kind: 'end' });
} catch (error) {
  say({ kind: 'fault', reason: error instanceof Error ? error.message : String(error) });
}
