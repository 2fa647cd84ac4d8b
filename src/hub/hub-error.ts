import { HubApiError } from '@huggingface/hub';
import { EnvironmentError, expected, type TouchstoneError } from '../core/errors.ts';

/** Whether trying again is in vain: the hub has answered that it will not. */
export function isFinal(error: unknown): boolean {
  return error instanceof HubApiError && error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 429;
}

/**
 * What went wrong between us and the hub, in words that cannot hold the access token: no text that the hub sent, and
 * no other error as its cause.
 * @param about what was asked for.
 * @returns UserError for what the hub refuses or does not know, else EnvironmentError.
 */
export function hubError(
  error: unknown,
  about: string,
  options: { readonly token?: string; readonly signal?: AbortSignal },
): unknown {
  if (options.signal?.aborted) return options.signal.reason;
  if (error instanceof HubApiError) return refusal(error.statusCode, about, options.token !== undefined);
  const next =
    'Check the connection and try again, which goes on where it stopped; or use what is cached, with --offline.';
  const reason = scrubbed(reasonOf(error), options.token);
  return new EnvironmentError('hub-unreachable', `Expected ${about} to come from the hub, got: ${reason}. ${next}`);
}

/** A file that is not what the hub said it would be. */
export function damagedDownload(about: string, wanted: number, got: number): TouchstoneError {
  const bytes = got === wanted ? 'others of that number' : `${got}`;
  const message = `Expected ${about} to be ${wanted} bytes with the hash that the hub lists, got ${bytes}. Try again.`;
  return new EnvironmentError('damaged-download', message);
}

function refusal(status: number, about: string, withToken: boolean): TouchstoneError {
  if (status === 401 || status === 403) {
    const next = withToken
      ? 'Ask for access on its page, use a token that may read it, or check the spelling.'
      : 'It is private, gated or misspelt: set HF_TOKEN to an access token that may read it, or check the spelling.';
    return expected('hub-refused', about, 'readable', `status ${status}`, next);
  }
  if (status === 404) return expected('hub-unknown', about, 'on the hub', 'status 404', 'Check the spelling.');
  const message = `Expected ${about} to come from the hub, got status ${status}. Try again later.`;
  return new EnvironmentError('hub-failed', message);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}

function scrubbed(text: string, token: string | undefined): string {
  return (token ? text.replaceAll(token, '[token]') : text).slice(0, 200);
}
