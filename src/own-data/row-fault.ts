/** Why a row is no example; it costs the row, not the reading. */
export class RowFault extends Error {}
