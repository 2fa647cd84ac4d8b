import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';

/** What is to be erased: one number or class per row, or several numbers per row, such as indicators of classes (n × k). */
export type Concept = ArrayLike<number | boolean> | Matrix;

/** A concept with its mean taken off, (n × columns) row-major. */
export interface CentredConcept {
  readonly columns: number;
  /** (columns) */
  readonly mean: Float64Array;
  readonly data: Float64Array;
}

/**
 * The concept of `rows` rows, centred.
 * @throws UserError (`length`) when it is not one of that many rows, (`not-finite`), (`one-class`) when it is the same in
 * every row, (`too-few`) with fewer than two rows.
 */
export function centreConcept(concept: Concept, rows: number): CentredConcept {
  if (rows < 2) throw expected('too-few', 'the number of rows', 'at least 2', rows, 'Give more rows.');
  const given = 'data' in concept ? concept : { rows: concept.length, columns: 1, data: concept };
  if (given.rows !== rows || given.data.length !== rows * given.columns) {
    const next = 'Give one value, or one row of values, per example.';
    throw expected('length', 'the number of rows of the concept', `the ${rows} of the features`, given.rows, next);
  }
  const { columns } = given;
  const data = Float64Array.from(given.data, Number);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw expected('not-finite', `concept[${at}]`, 'a finite number', String(data[at]), 'Look at what computed it.');
  }
  if (data.every((value, k) => value === data[k % columns])) {
    throw expected('one-class', 'the concept', 'different in some rows', 'the same in all', 'Give another class.');
  }
  const mean = new Float64Array(columns);
  data.forEach((value, k) => {
    (mean[k % columns] as number) += value / rows;
  });
  return { columns, mean, data: data.map((value, k) => value - (mean[k % columns] as number)) };
}
