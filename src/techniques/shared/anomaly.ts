import type { Input, SupervisedExample } from '../../core/examples.ts';
import type { Matrix } from '../../core/models.ts';
import { createRng, type Rng } from '../../core/random.ts';
import type { FittedTechnique, SavedTechnique, TechniqueContext, TrainingView } from '../../core/techniques.ts';
import { type AnomalyExamples, anomalyExamples } from './anomaly-examples.ts';
import type { AnomalyOptions } from './anomaly-options.ts';
import { likelyReal, onScale, rawScale, type ScoreScale, standardScale } from './layer-scores.ts';
import { resolveLayers } from './layers.ts';

/**
 * Anomaly detectors on the measurement predictor's activations (methods.md 10.2): a detector learns at each layer what is
 * normal, gives each example an anomaly score, and the layers' scores are aggregated. This file turns a detector of one
 * layer into a technique; its score is **minus** the anomaly score, so that higher = more likely real.
 */
export interface LayerDetector {
  /** Anomaly score of each row, (n): higher = more anomalous, always finite. A row's score must not depend on the others. */
  score(rows: Matrix): Float64Array | Promise<Float64Array>;
  /** What was chosen at this layer; each entry becomes a list over layers in the technique's details. */
  readonly details?: Readonly<Record<string, number>>;
  /** What the layer's detector can be made of again. */
  readonly saved?: Readonly<Record<string, Float64Array>>;
}

/** What a detector learns one layer from. */
export interface LayerData {
  /** (n × width) activations of the normal examples, at least `least` of them. */
  readonly normal: Matrix;
  /** (m × width) of untrusted training examples; no rows unless the detector asked for them. */
  readonly untrusted: Matrix;
  readonly layer: number;
  /** A stream of this technique, seed and layer alone. */
  readonly rng: Rng;
  /** For long loops. */
  readonly signal: AbortSignal;
}

export interface AnomalyDetector {
  /** Id of the technique, for messages and random streams. */
  readonly technique: string;
  /** Fewest normal (and, where asked for, untrusted) examples that will do. @default 2 */
  readonly least?: number;
  /** Which untrusted training examples it learns from as well. @default 'none' */
  readonly untrusted?: 'none' | 'all' | 'positives';
  fitLayer(data: LayerData): LayerDetector | Promise<LayerDetector>;
}

/**
 * Fits `detector` at every layer asked for; one layer's activations are in memory at a time.
 *
 * @throws UserError `too-few-examples` with fewer than `least` examples to learn from, `unknown-layer`.
 */
export async function fitAnomalyDetector(
  detector: AnomalyDetector,
  view: TrainingView,
  options: AnomalyOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const { predictor, signal, progress } = context;
  const layers = resolveLayers(detector.technique, options.layers, predictor);
  const examples = anomalyExamples(detector, view, options);
  const fitted: FittedLayer[] = [];
  for (const layer of layers) {
    signal.throwIfAborted();
    fitted.push(await fitLayer(detector, layer, examples, options, context));
    progress(fitted.length, layers.length, 'layers');
  }
  const saved = savedLayers(fitted, options);
  return {
    score: scorerOf(fitted, options, context),
    ...(saved && { saved }),
    details: {
      layers,
      normalExamples: examples.normal.length,
      ...(examples.untrusted.length > 0 && { untrustedExamples: examples.untrusted.length }),
      ...chosen(fitted),
    },
  };
}

/** What {@link fitAnomalyDetector} fitted, from what it kept; `openLayer` makes a layer's detector of its arrays. */
export function restoreAnomalyDetector(
  saved: SavedTechnique,
  openLayer: (arrays: Readonly<Record<string, Float64Array>>) => LayerDetector,
  context: ScoringContext,
): FittedTechnique {
  const { layers, aggregate } = saved.values as unknown as SavedLayers;
  const fitted = layers.map(({ layer, scale, arrays }) => {
    const own = Object.fromEntries(arrays.map((name) => [name, saved.arrays[`${name}-${layer}`] as Float64Array]));
    return { layer, scale, detector: openLayer(own) };
  });
  return { score: scorerOf(fitted, { aggregate }, context), saved };
}

type ScoringContext = Pick<TechniqueContext, 'predictor' | 'signal'>;

/** The plain part of what is kept; arrays are named `<name>-<layer>`. */
interface SavedLayers extends Pick<AnomalyOptions, 'aggregate'> {
  readonly layers: readonly {
    readonly layer: number;
    readonly scale: ScoreScale;
    readonly arrays: readonly string[];
  }[];
}

function savedLayers(
  fitted: readonly FittedLayer[],
  { aggregate }: Pick<AnomalyOptions, 'aggregate'>,
): SavedTechnique | undefined {
  if (!fitted.every(({ detector }) => detector.saved)) return undefined;
  const layers = fitted.map(({ layer, scale, detector }) => {
    return { layer, scale, arrays: Object.keys(detector.saved ?? {}) };
  });
  const arrays = fitted.flatMap(({ layer, detector }) =>
    Object.entries(detector.saved ?? {}).map(([name, values]) => [`${name}-${layer}`, values] as const),
  );
  return { values: { aggregate, layers }, arrays: Object.fromEntries(arrays), models: {} };
}

function scorerOf(
  fitted: readonly FittedLayer[],
  { aggregate }: Pick<AnomalyOptions, 'aggregate'>,
  context: ScoringContext,
): FittedTechnique['score'] {
  return async (inputs) => {
    if (inputs.length === 0) return new Float64Array(0);
    const scores: Float64Array[] = [];
    for (const layer of fitted) {
      context.signal.throwIfAborted();
      scores.push(await scoreLayer(layer, inputs, context));
    }
    return likelyReal(scores, aggregate);
  };
}

interface FittedLayer {
  readonly layer: number;
  readonly detector: LayerDetector;
  readonly scale: ScoreScale;
}

async function fitLayer(
  { technique, fitLayer }: AnomalyDetector,
  layer: number,
  examples: AnomalyExamples,
  { scale }: AnomalyOptions,
  { predictor, seed, signal }: TechniqueContext,
): Promise<FittedLayer> {
  const activations = async (part: readonly SupervisedExample[]): Promise<Matrix> =>
    part.length === 0
      ? { rows: 0, columns: predictor.width, data: new Float32Array(0) }
      : predictor.activations(part, layer);
  const [normal, untrusted] = [await activations(examples.normal), await activations(examples.untrusted)];
  const detector = await fitLayer({ normal, untrusted, layer, rng: createRng(seed, technique, layer), signal });
  const normalScale = scale === 'none' ? rawScale : standardScale(await detector.score(normal));
  return { layer, detector, scale: normalScale };
}

async function scoreLayer(fitted: FittedLayer, inputs: readonly Input[], { predictor }: ScoringContext) {
  const scores = await fitted.detector.score(await predictor.activations(inputs, fitted.layer));
  return onScale(scores, fitted.scale);
}

/** The layers' details, each as a list. */
function chosen(layers: readonly FittedLayer[]): Readonly<Record<string, readonly number[]>> {
  const names = Object.keys(layers[0]?.detector.details ?? {});
  return Object.fromEntries(
    names.map((name) => [name, layers.map(({ detector }) => detector.details?.[name] as number)]),
  );
}
