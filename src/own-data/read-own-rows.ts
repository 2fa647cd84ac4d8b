import type { OwnExample, RejectedRow } from '../core/own-data.ts';
import { openOwnRows, type ReadOwnOptions } from './open-own-rows.ts';
import type { OwnDataConfig } from './own-data-config.ts';

/**
 * Rows of a user's data one after the other, in memory that does not grow with them but for the ids. Where one column holds
 * lists that differ in length, an example has as many measurements as the longest so far, unless their names are given.
 * @throws UserError when a file cannot be read at all (`unreadable-data`), or no row has a mapped column (`no-such-column`).
 */
export async function* readOwnRows(
  config: OwnDataConfig,
  options: ReadOwnOptions = {},
): AsyncGenerator<OwnExample | RejectedRow> {
  const own = await openOwnRows(config, options);
  for await (const row of own.rows()) yield isRejected(row) ? row : own.complete(row);
}

/** Whether a row could not be read as an example. */
export function isRejected(row: OwnExample | RejectedRow): row is RejectedRow {
  return 'reason' in row;
}
