import type { Matrix } from '../../core/models.ts';
import type { OwnData } from '../../core/own-data.ts';
import type { Progress } from '../../core/settings.ts';
import { inputsOf } from '../../core/training-view.ts';
import { builtInModel, type DetectionConfig } from '../../detection/detection-config.ts';
import type { FeatureRows } from '../../detection/features/feature-rows.ts';
import { encodeTexts } from '../../detection/features/text-features.ts';
import { createBase } from '../../experiments/create-base.ts';
import { isPretrained, modelName } from '../../experiments/model-config.ts';
import { openBase } from '../../experiments/open-base.ts';

export interface FeatureOptions {
  readonly modelPath?: string | undefined;
  /** Activations of the user's own, in the place of a model's. */
  readonly features?: FeatureRows | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * One row of numbers per example: two layers of a model, the middle and the last one. Sizes of the project's own model have
 * no states before they are trained, so with these it is the built-in encoder.
 */
export async function inspectionFeatures(config: DetectionConfig, data: OwnData, options: FeatureOptions) {
  const blank = data.examples.map((example) => ({ ...example, groundTruth: false }));
  const inputs = inputsOf(blank);
  const { name, features } = await openFeatures(config, data, inputs, options);
  const { layers } = features;
  const chosen = [...new Set([Math.ceil(layers / 2), layers])];
  const all = await features.rows(inputs);
  const rows = beside(chosen.map((layer) => all[layer - 1] as Matrix));
  return { name: `${name}, ${chosen.length === 1 ? `layer ${chosen[0]}` : `layers ${chosen.join(' and ')}`}`, rows };
}

async function openFeatures(
  { model: wanted, training, finetuning, threads, device, seed }: DetectionConfig,
  { measurementNames }: OwnData,
  inputs: ReturnType<typeof inputsOf>,
  { modelPath, features, progress, signal }: FeatureOptions,
): Promise<{ name: string; features: FeatureRows }> {
  if (features !== undefined) return { name: 'activations of your own', features };
  const model = isPretrained(wanted) ? wanted : { source: builtInModel };
  const base = await openBase(model, isPretrained(wanted) ? (modelPath ?? model.source) : model.source);
  const runtime = { threads, device, signal };
  const measurements = Math.max(1, measurementNames.length);
  const strong = createBase(base, { model, training, finetuning, measurements, seed, runtime });
  return { name: modelName(model), features: await encodeTexts(strong, inputs, { progress, signal }) };
}

/** The columns of several matrices side by side. */
function beside(layers: readonly Matrix[]): Matrix {
  const rows = (layers[0] as Matrix).rows;
  const columns = layers.reduce((sum, layer) => sum + layer.columns, 0);
  const data = new Float32Array(rows * columns);
  let from = 0;
  for (const layer of layers) {
    for (let i = 0; i < rows; i++) {
      data.set(layer.data.subarray(i * layer.columns, (i + 1) * layer.columns), i * columns + from);
    }
    from += layer.columns;
  }
  return { rows, columns, data };
}
