/**
 * A technique of your own: the smallest predicted probability among the measurements.
 * Audit it: npx touchstone audit examples/own-technique.ts (docs/adding-a-technique.md builds one inside the repository)
 */
import { z } from 'zod';
import type { Input, Technique } from '../src/index.ts';

/** Score: min_j of the logit of measurement j, since a fake positive must fool them all. */
export const weakestMeasurement: Technique<Record<string, never>> = {
  id: 'weakest-measurement',
  title: 'Least believed measurement',
  source: 'examples/own-technique.ts',
  role: 'technique',
  needs: { structures: ['several-measurements'] },
  options: z.strictObject({}),
  calibrated: false,
  async fit(_view, _options, { predictor }) {
    const columns = predictor.heads.flatMap((head, column) => (head.startsWith('measurement-') ? [column] : []));
    return {
      score: async (inputs: readonly Input[]) => {
        const logits = await predictor.logits(inputs);
        const smallest = (row: number) =>
          Math.min(...columns.map((column) => logits.data[row * logits.columns + column] as number));
        return Float64Array.from(inputs, (_, row) => smallest(row));
      },
    };
  },
};
