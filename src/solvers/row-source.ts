/**
 * The solvers' layer: convex and closed-form fits over rows that may not fit in memory. A solver sees its data only as a
 * {@link RowSource}, goes through it once or a few times, gives the products whose cost grows with the rows to the graph
 * engine and keeps what is left, of size columns², in float64. Results do not depend on how the rows are cut into chunks
 * beyond rounding.
 */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  /** All rows in order, (k × columns) row-major at a time; the same at every call. A chunk is not changed while in use. */
  chunks(): AsyncIterable<Float32Array>;
}

/** What every solver over rows may be told. */
export interface SolverOptions {
  /** Threads of the large products, at least 1. @default 1 */
  readonly threads?: number;
}
