import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { StrongModel } from '../../../src/core/models.ts';
import type { Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { beatrix } from '../../../src/techniques/beatrix.ts';
import { mahalanobis } from '../../../src/techniques/mahalanobis.ts';
import { quantumEntropy } from '../../../src/techniques/quantum-entropy.ts';
import { spectralSignature } from '../../../src/techniques/spectral-signature.ts';
import { topologicalEvolution } from '../../../src/techniques/topological-evolution.ts';
import { textOf } from '../fake-model.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';
import { type Listed, matrixOf } from './golden-rows.ts';
import { positivesOf } from './positives.ts';

interface Golden {
  readonly width: number;
  readonly layers: number;
  readonly normal: Listed;
  readonly untrusted: Listed;
  readonly test: Listed;
  readonly anomalies: readonly {
    readonly technique: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly scores: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../golden/activation-detectors.golden.json', import.meta.url), 'utf8'),
);
const detectors: readonly Technique[] = [mahalanobis, quantumEntropy, spectralSignature, beatrix, topologicalEvolution];

describe('anomaly detectors on activations', () => {
  it.each(golden.anomalies)('$technique $options scores minus what NumPy, SciPy and pyod give', async (expected) => {
    const technique = detectors.find(({ id }) => id === expected.technique) as Technique;
    const fitted = await fitOn(technique, train(), { context: contextOf(layered()), options: expected.options });
    const scores = await fitted.score(inputsOf(positivesOf(rowsOf(golden.test), true)));
    scores.forEach((score, row) => {
      const anomaly = expected.scores[row] as number;
      expect(Math.abs(-score - anomaly)).toBeLessThan(1e-6 * Math.max(1, Math.abs(anomaly)));
    });
  });
});

/** Layer k has the k-th part of the features. */
function layered(): StrongModel {
  const { width, layers } = golden;
  const activation = (features: readonly number[], layer: number) => features.slice((layer - 1) * width, layer * width);
  return createSpyModel({ width, layers, activation });
}

function train(): readonly Example[] {
  return [...positivesOf(rowsOf(golden.normal), true), ...positivesOf(rowsOf(golden.untrusted), false)];
}

function rowsOf(listed: Listed): readonly string[] {
  const { rows, columns, data } = matrixOf(listed);
  return Array.from({ length: rows }, (_, row) => textOf([...data.subarray(row * columns, (row + 1) * columns)]));
}
