import { expected } from '../../core/errors.ts';
import type { Input } from '../../core/examples.ts';
import type { Matrix } from '../../core/models.ts';
import { pickRows } from '../../techniques/shared/pick-rows.ts';

/** Features of examples, however they were made: one row per example and layer, as wide in every layer. */
export interface FeatureRows {
  readonly layers: number;
  readonly width: number;
  /** For each layer, the first one first, the rows of these inputs, (n × width); the same input has the same row each time. */
  rows(inputs: readonly Input[]): Promise<readonly Matrix[]>;
}

/**
 * Feature rows in memory, looked up by example id, whatever the input's text.
 * @param ids the example id of each row
 * @param layers (n × width) each, the first layer first
 * @throws UserError (`wrong-features`) when the layers are none or differ in shape, (`duplicate-ids`); `rows` throws one
 *   (`no-features`) that counts and names the inputs without a row.
 */
export function featureRowsById(ids: readonly string[], layers: readonly Matrix[]): FeatureRows {
  const width = commonWidth(ids.length, layers);
  const places = placesOf(ids);
  return {
    layers: layers.length,
    width,
    rows: async (inputs) => {
      const numbers = placesOfInputs(places, inputs);
      return layers.map((layer) => pickRows(layer, numbers));
    },
  };
}

function commonWidth(n: number, layers: readonly Matrix[]): number {
  const width = layers[0]?.columns ?? 0;
  if (width === 0) {
    const next = 'Give the features of one layer at least.';
    throw expected('wrong-features', 'the layers of features', 'at least one, of one column or more', 'none', next);
  }
  layers.forEach(({ rows, columns, data }, i) => {
    if (rows === n && columns === width && data.length === n * width) return;
    const next = 'Leave out the layers that differ: a technique compares layers of one width.';
    const wanted = `${n} × ${width}, one row for each id and as wide as the first layer`;
    throw expected('wrong-features', `layer ${i + 1} of the features`, wanted, `${rows} × ${columns}`, next);
  });
  return width;
}

function placesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map(ids.map((id, row) => [id, row]));
  if (places.size === ids.length) return places;
  const repeated = ids.find((id, row) => places.get(id) !== row);
  throw expected('duplicate-ids', 'the ids of the features', 'each there once', repeated, 'Keep one row of each.');
}

function placesOfInputs(places: ReadonlyMap<string, number>, inputs: readonly Input[]): number[] {
  const missing = inputs.filter(({ id }) => !places.has(id));
  if (missing.length > 0) {
    const got = new Error(`none for ${missing.length} of them ("${missing[0]?.id}" is the first)`);
    const next = 'Give a row for each example; a technique that makes texts of its own needs a model that reads texts.';
    throw expected('no-features', `the features of ${inputs.length} examples`, 'one row each', got, next);
  }
  return inputs.map(({ id }) => places.get(id) as number);
}
