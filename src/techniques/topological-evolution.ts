import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import type { Input } from '../core/examples.ts';
import type { Matrix } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { Technique, TechniqueContext } from '../core/techniques.ts';
import { requireNeeds } from './needs.ts';
import { anomalyExamples } from './shared/anomaly-examples.ts';
import { type AnomalyOptions, anomalyOptions } from './shared/anomaly-options.ts';
import { likelyReal, onScale, rawScale, type ScoreScale, standardScale } from './shared/layer-scores.ts';
import { resolveLayers } from './shared/layers.ts';
import { createRankIndex, type RankIndex } from './shared/neighbour-ranks.ts';
import { fitPrincipalOutliers, type PrincipalOutliers } from './shared/principal-outliers.ts';

/** Hyperparameters of {@link topologicalEvolution}; `layers` are those a trajectory runs through, at least two. */
export interface TopologicalEvolutionOptions extends AnomalyOptions {
  /** Nearest normal examples whose ranks are followed. @default 10 */
  readonly neighbours: number;
  /** Most normal examples that may be neighbours, drawn by seed; more than `neighbours`. @default 2000 */
  readonly references: number;
  /**
   * The outlier score of a trajectory z, standardised, from the principal directions e_c and shares of variance s_c of the
   * normal ones: `pyod`, Σ ‖z − e_c‖ / s_c, what the library of the published detector computes, though it depends on the sign
   * of the directions and hardly on which they are; `projections`, Σ |e_c·z| / s_c, what that library says. @default 'pyod'
   */
  readonly outlier: 'pyod' | 'projections';
}

/**
 * Topological evolution dynamics (TED): an example's nearest normal examples by cosine at one layer should be near it at the
 * other layers as well. For each reference layer and each of the k nearest there, the trajectory is that neighbour's rank at
 * every other layer (how many normal examples are strictly nearer); its anomaly score comes from a principal component model
 * of the normal examples' own trajectories, and is averaged over the neighbours. Score: minus the mean over reference layers.
 *
 * As in the reference library, neighbours are of any normal example rather than of the predicted class only. Unlike there,
 * a normal example is no neighbour of itself, nor counted in its ranks, so that its trajectories are like a new one's.
 *
 * Defaults: 10 neighbours among at most 2,000 normal examples, layers 1 to the last, pyod's outlier score. Source: methods.md
 * 10.4; Mo et al. 2024, arXiv 2312.02673; the outlier model: Shyu et al. 2003 as pyod's `PCA` has it.
 */
export const topologicalEvolution: Technique<TopologicalEvolutionOptions> = {
  id: 'topological-evolution',
  title: 'Topological evolution',
  source: 'methods.md 10.4; arXiv 2312.02673',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: anomalyOptions
    .extend({
      neighbours: z.int().min(1).default(10).describe('Nearest normal examples whose ranks are followed'),
      references: z.int().min(2).default(2000).describe('Most normal examples that may be neighbours'),
      outlier: z
        .enum(['pyod', 'projections'])
        .default('pyod')
        .describe(
          'How far out a trajectory is: as the pyod library computes it, or by its projections on principal directions',
        ),
    })
    .refine(({ neighbours, references }) => references > neighbours, {
      path: ['references'],
      message: 'Expected references to be more than neighbours, since a normal example is no neighbour of itself',
    }),
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(topologicalEvolution, view);
    const { seed, predictor } = context;
    const layers = resolveLayers(id, options.layers, predictor);
    requireTwoLayers(layers);
    const wanted = { technique: id, least: options.neighbours + 1 };
    const { normal } = anomalyExamples(wanted, view, options);
    const references = createRng(seed, id).sample(normal, Math.min(normal.length, options.references));
    const index = createRankIndex(await activationsOf(references, layers, context), options.neighbours, context.signal);
    const models = await fitModels(index, layers, options, context);
    const details = { layers, normalExamples: normal.length, references: references.length };
    return { score: (inputs) => scoreInputs(inputs, layers, index, models, options, context), details };
  },
};

const id = 'topological-evolution';

/** What is normal of trajectories that begin at one reference layer. */
interface LayerModel {
  readonly outliers: PrincipalOutliers;
  readonly scale: ScoreScale;
}

async function fitModels(
  index: RankIndex,
  layers: readonly number[],
  { outlier, neighbours, scale }: TopologicalEvolutionOptions,
  { progress }: TechniqueContext,
): Promise<readonly LayerModel[]> {
  const trajectories = await index.ownTrajectories();
  return Promise.all(
    trajectories.map(async (ranks, layer) => {
      const outliers = await fitPrincipalOutliers(ranks, outlier);
      progress(layer + 1, layers.length, 'layers');
      const own = scale === 'none' ? rawScale : standardScale(meanOfRuns(outliers.score(ranks), neighbours));
      return { outliers, scale: own };
    }),
  );
}

async function scoreInputs(
  inputs: readonly Input[],
  layers: readonly number[],
  index: RankIndex,
  models: readonly LayerModel[],
  { neighbours, aggregate }: TopologicalEvolutionOptions,
  context: TechniqueContext,
): Promise<Float64Array> {
  if (inputs.length === 0) return new Float64Array(0);
  const trajectories = await index.trajectories(await activationsOf(inputs, layers, context));
  const scores = models.map(({ outliers, scale }, layer) =>
    onScale(meanOfRuns(outliers.score(trajectories[layer] as Matrix), neighbours), scale),
  );
  return likelyReal(scores, aggregate);
}

async function activationsOf(
  inputs: readonly Input[],
  layers: readonly number[],
  { predictor, signal }: TechniqueContext,
): Promise<readonly Matrix[]> {
  const activations: Matrix[] = [];
  for (const layer of layers) {
    signal.throwIfAborted();
    activations.push(await predictor.activations(inputs, layer));
  }
  return activations;
}

/** The mean of each `length` scores in a row. */
function meanOfRuns(scores: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length: scores.length / length }, (_, run) => {
    const part = scores.subarray(run * length, (run + 1) * length);
    return part.reduce((sum, score) => sum + score, 0) / length;
  });
}

function requireTwoLayers(layers: readonly number[]): void {
  if (layers.length >= 2) return;
  throw new UserError(
    'too-few-layers',
    `Expected the number of layers that ${id} follows to be at least 2, got ${layers.length}. ` +
      `Give option "layers" two layers or more, or leave ${id} out.`,
  );
}
