import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';

/** How the server misbehaves; may be changed while it runs. */
export interface HubBehaviour {
  /** The token that requests must carry. */
  token?: string;
  /** Content requests for this file are cut after so many bytes, as long as `cuts` lasts. */
  cut?: { path: string; bytes: number; cuts: number };
  /** Bytes of this file are sent wrong. */
  damaged?: string;
  /** Files that the list of files lacks. */
  hidden?: string[];
  /** Answers every request with this status, and a text that repeats the request's authorization. */
  status?: number;
}

export interface HubServer {
  readonly url: string;
  readonly commit: string;
  readonly behaviour: HubBehaviour;
  /** Requests so far, as `<path> <range>`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Serves a directory as the model `owner/model` and the dataset `owner/data` of a hub, in the shape of the hub's interface. */
export async function startHub(directory: string): Promise<HubServer> {
  const commit = createHash('sha1').update(directory).digest('hex');
  const behaviour: HubBehaviour = {};
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    answer(request, response, directory, commit, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, commit, behaviour, requests, close };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  directory: string,
  commit: string,
  behaviour: HubBehaviour,
): void {
  const { authorization } = request.headers;
  const path = (request.url ?? '').split('?')[0] as string;
  const name = path.replace(new RegExp(`^/(owner/model|datasets/owner/data)/resolve/${commit}/`), '');
  if (behaviour.status !== undefined) json(response, behaviour.status, { error: `echo ${authorization}` });
  else if (behaviour.token !== undefined && authorization !== `Bearer ${behaviour.token}`) {
    json(response, 401, { error: `echo ${authorization}` });
  } else if (new RegExp(`^/api/(models/owner/model|datasets/owner/data)/revision/(main|${commit})$`).test(path)) {
    json(response, 200, { _id: '1', id: 'owner/name', sha: commit, lastModified: '2026-01-01T00:00:00Z' });
  } else if (new RegExp(`^/api/(models/owner/model|datasets/owner/data)/tree/${commit}$`).test(path))
    json(response, 200, listing(directory, behaviour));
  else if (name !== path) content(request, response, directory, name, behaviour);
  else json(response, 404, { error: 'Repository not found' });
}

function listing(directory: string, { hidden = [] }: HubBehaviour): unknown[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !hidden.includes(entry.name))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  return files.map((path) => {
    const data = readFileSync(`${directory}/${path}`);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const oid = createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');
    const lfs = path.endsWith('.safetensors') && { lfs: { oid: sha256, size: data.length, pointerSize: 130 } };
    return { type: 'file', path, size: data.length, oid, ...lfs };
  });
}

function content(
  request: IncomingMessage,
  response: ServerResponse,
  directory: string,
  name: string,
  behaviour: HubBehaviour,
): void {
  const data = readFileSync(`${directory}/${name}`);
  if (behaviour.damaged === name) data[data.length - 1] = (data[data.length - 1] as number) ^ 1;
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [start, end] = from === undefined ? [0, data.length] : [Number(from), Math.min(Number(to) + 1, data.length)];
  response.statusCode = from === undefined ? 200 : 206;
  response.setHeader('ETag', '"etag"');
  response.setHeader('Content-Length', end - start);
  if (from !== undefined) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${data.length}`);
  const { cut } = behaviour;
  if (cut?.path !== name || cut.cuts === 0 || end - start <= 1) {
    response.end(data.subarray(start, end));
    return;
  }
  cut.cuts--;
  response.write(data.subarray(start, start + cut.bytes), () => setTimeout(() => response.destroy(), 20));
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}
