import type { TokenStates } from '../core/models.ts';
import { runHiddenPass } from './hidden-pass.ts';
import type { InterventionTarget } from './interventions.ts';
import { inferenceBatch } from './readouts.ts';

/** Hidden states of one layer at every token, one text's after another's. */
export async function computeTokenStates(target: InterventionTarget, layer: number): Promise<TokenStates> {
  const { model, weights, encoded, runtime } = target;
  const batchSize = inferenceBatch(model.network);
  const everyToken = encoded.map((ids) => Array.from(ids, (_, position) => position));
  // The heads are not computed, so that it does not matter where they would read.
  const pass = {
    model: { ...model, readAt: 'last' as const },
    weights,
    layers: [layer],
    everywhere: true,
    runtime,
    batchSize,
  };
  const rows = await runHiddenPass(pass, encoded, everyToken);
  const columns = model.network.width;
  const lengths = Int32Array.from(encoded, ({ length }) => length);
  const data = new Float32Array(lengths.reduce((sum, length) => sum + length, 0) * columns);
  let at = 0;
  for (const [states] of rows) {
    data.set(states as Float32Array, at);
    at += (states as Float32Array).length;
  }
  return { lengths, states: { rows: data.length / columns, columns, data } };
}
