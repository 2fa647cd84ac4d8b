import type { Progress } from '../core/settings.ts';

export interface HubOptions {
  /** Where models and datasets are kept, in the layout that the Python library uses, so that one cache serves both. */
  readonly cacheDirectory: string;
  /** Branch, tag or commit. @default 'main' */
  readonly revision?: string;
  /** Use what is in the cache and open no connection. @default false */
  readonly offline?: boolean;
  /** Access token for private and gated models; sent to the hub alone and never part of an error. */
  readonly token?: string;
  /** Address of the hub. @default that of @huggingface/hub */
  readonly hubUrl?: string;
  /** Bytes done of those to download. */
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Wait before a broken download goes on, doubled each time; given up after 4 times without a byte. @default 1000 */
  readonly retryMilliseconds?: number;
}

/** What the hub is asked with; one client per model or dataset. */
export interface HubClient {
  readonly id: string;
  readonly repo: { readonly type: 'model' | 'dataset'; readonly name: string };
  readonly options: HubOptions;
  readonly request: {
    readonly hubUrl?: string;
    readonly accessToken?: string;
    readonly fetch: typeof fetch;
  };
}

export function hubClient(type: HubClient['repo']['type'], id: string, options: HubOptions): HubClient {
  const { hubUrl, token, signal } = options;
  const request = {
    ...(hubUrl !== undefined && { hubUrl }),
    ...(token !== undefined && { accessToken: token }),
    fetch: (url: string | URL | Request, init?: RequestInit) => fetch(url, { ...init, ...(signal && { signal }) }),
  };
  return { id, repo: { type, name: id }, options, request };
}
