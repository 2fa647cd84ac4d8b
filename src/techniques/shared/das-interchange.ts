import type { Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { Box } from './das-causal-model.ts';
import { possibilityLoss } from './das-loss.ts';
import { masksOf, sharesGradient } from './das-masks.ts';
import { rotate, rotateBack, skewLength } from './das-rotation.ts';

/** A rotation of a layer's d hidden dimensions, and how its coordinates are shared out among consecutive subspaces. */
export interface Subspaces {
  readonly dimensions: number;
  /** (d × d), orthogonal, row-major. */
  readonly rotation: Float64Array;
  /** Shares of the coordinates before the softmax, (subspaces); see `boundariesOf`. */
  readonly shares: Float64Array;
}

/** Interchange interventions: a row per base text. */
export interface Interchanges {
  readonly inputs: readonly Input[];
  /** Hidden states of the base texts and what has to be added to get those of the source texts, (n × d) each. */
  readonly base: Float64Array;
  readonly difference: Float64Array;
  /** Number of the subspace exchanged in each, (n). */
  readonly subspaces: readonly number[];
  /** Measurement vectors that are possible after each, as disjoint boxes, (n). */
  readonly possible: readonly (readonly Box[])[];
}

interface SubspacesLoss {
  readonly loss: number;
  /** By the cells above the diagonal of A where the rotation is exp(A) · R, at A = 0, row by row. */
  readonly skew: Float64Array;
  /** (subspaces) */
  readonly shares: Float64Array;
}

/**
 * Mean loss of some interchanges, `possibilityLoss` of the heads after it, with its gradients. State put in the base's place:
 * Rᵀ((1 − mask) ⊙ R base + mask ⊙ R source), that is base + Rᵀ(mask ⊙ R(source − base)), R being orthogonal.
 */
export async function interchangeLoss(
  model: StrongModel,
  layer: number,
  learned: Subspaces,
  temperature: number,
  interchanges: Interchanges,
): Promise<SubspacesLoss> {
  const { dimensions, rotation, shares } = learned;
  const { inputs, base, difference, subspaces } = interchanges;
  const masks = masksOf(shares, temperature, dimensions);
  const turned = rotate(difference, rotation, dimensions);
  const added = rotateBack(masked(turned, masks, subspaces, dimensions), rotation, dimensions);
  const data = Float32Array.from(base, (value, cell) => value + (added[cell] as number));
  const intervention = { layer, states: { rows: inputs.length, columns: dimensions, data } };
  const { loss, coefficients } = await lossOfHeads(model, interchanges, intervention);
  const gradient = await model.interventionGradient(inputs, intervention, coefficients);
  const flow = rotate(Float64Array.from(gradient.data), rotation, dimensions);
  const maskGradient = new Float64Array(masks.length);
  for (let cell = 0; cell < flow.length; cell++) {
    const start = (subspaces[Math.floor(cell / dimensions)] as number) * dimensions;
    (maskGradient[start + (cell % dimensions)] as number) += (flow[cell] as number) * (turned[cell] as number);
  }
  return {
    loss,
    skew: skewGradient(turned, flow, masks, subspaces, dimensions),
    shares: sharesGradient(shares, temperature, dimensions, maskGradient),
  };
}

async function lossOfHeads(
  model: StrongModel,
  { inputs, possible }: Interchanges,
  intervention: Parameters<StrongModel['intervene']>[1],
) {
  const logits = await model.intervene(inputs, intervention);
  const { rows, columns } = logits;
  const data = new Float32Array(rows * columns);
  let total = 0;
  possible.forEach((boxes, row) => {
    const { loss, gradient } = possibilityLoss(
      model.heads,
      boxes,
      logits.data.subarray(row * columns, (row + 1) * columns),
    );
    total += loss / rows;
    data.set(
      gradient.map((value) => value / rows),
      row * columns,
    );
  });
  return { loss: total, coefficients: { rows, columns, data } };
}

/** Each row times the mask of its subspace. */
function masked(
  rows: Float64Array,
  masks: Float64Array,
  subspaces: readonly number[],
  dimensions: number,
): Float64Array {
  return rows.map((value, cell) => {
    const start = (subspaces[Math.floor(cell / dimensions)] as number) * dimensions;
    return value * (masks[start + (cell % dimensions)] as number);
  });
}

/**
 * With z = R(source − base) and h = R · (gradient by the state), turning R by exp(A) changes the loss by
 * Σ_{i<j} A_ij Σ (mask_i − mask_j)(z_i h_j + h_i z_j): to turn coordinates of equal mask into each other changes nothing.
 */
function skewGradient(
  turned: Float64Array,
  flow: Float64Array,
  masks: Float64Array,
  subspaces: readonly number[],
  dimensions: number,
): Float64Array {
  const result = new Float64Array(skewLength(dimensions));
  subspaces.forEach((subspace, row) => {
    const [start, mask] = [row * dimensions, subspace * dimensions];
    let next = 0;
    for (let i = 0; i < dimensions; i++) {
      const [z, h, m] = [turned[start + i] as number, flow[start + i] as number, masks[mask + i] as number];
      for (let j = i + 1; j < dimensions; j++) {
        const pair = z * (flow[start + j] as number) + h * (turned[start + j] as number);
        (result[next++] as number) += (m - (masks[mask + j] as number)) * pair;
      }
    }
  });
  return result;
}
