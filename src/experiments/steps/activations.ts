import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeadId, Matrix } from '../../core/models.ts';
import { inputsOf } from '../../core/training-view.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../models/safetensors.ts';
import type { RecordedReadouts } from '../recorded-model.ts';
import type { StepRunner } from '../step.ts';
import { loadDataset } from './dataset.ts';
import { openPredictor, openPretrained, type PredictorConfig } from './measurement-predictor.ts';

export interface ActivationsConfig extends PredictorConfig {
  /** Reads the model as it was before any supervision. @default false: the measurement predictor */
  readonly pretrained?: true;
}

/** Reads out a model's logits and every layer's hidden state at the last token, once for all techniques. */
export const runActivations: StepRunner<ActivationsConfig> = async (config, context) => {
  const dataset = await loadDataset(context.input('dataset'));
  const open = config.pretrained ? openPretrained : openPredictor;
  const model = await open(context.input('predictor'), config, context);
  const splits = Object.entries(dataset.splits);
  for (const [index, [split, examples]] of splits.entries()) {
    context.signal.throwIfAborted();
    const inputs = inputsOf(examples);
    const tensors = new Map<string, NamedTensor>([['logits', tensorOf(await model.logits(inputs))]]);
    for (let layer = 0; layer <= model.layers; layer++) {
      tensors.set(`layer-${layer}`, tensorOf(await model.activations(inputs, layer)));
    }
    const { heads, attentionHeads } = model;
    const metadata = {
      heads: JSON.stringify(heads),
      attentionHeads: String(attentionHeads),
      rows: `${split}.parquet`,
    };
    await writeWhole(join(context.directory, `${split}.safetensors`), encodeSafetensors({ tensors, metadata }));
    context.progress(index + 1, splits.length, 'splits');
  }
};

/** What was read out on one split, row by row as in its dataset. */
export async function loadReadouts(
  directory: string,
  split: string,
  texts: readonly string[],
): Promise<RecordedReadouts> {
  const path = join(directory, `${split}.safetensors`);
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  const layers = [...tensors.keys()].filter((name) => name.startsWith('layer-')).length;
  const heads = JSON.parse(metadata.heads ?? '[]') as HeadId[];
  const matrix = (name: string) => matrixOf(tensors.get(name) as NamedTensor);
  return {
    heads,
    attentionHeads: Number(metadata.attentionHeads),
    texts,
    logits: matrix('logits'),
    layers: Array.from({ length: layers }, (_, l) => matrix(`layer-${l}`)),
  };
}

/** Readouts of several splits, one below the other. */
export function joinReadouts(parts: readonly RecordedReadouts[]): RecordedReadouts {
  const [first] = parts as [RecordedReadouts];
  return {
    heads: first.heads,
    attentionHeads: first.attentionHeads,
    texts: parts.flatMap(({ texts }) => texts),
    logits: stack(parts.map(({ logits }) => logits)),
    layers: first.layers.map((_, layer) => stack(parts.map(({ layers }) => layers[layer] as Matrix))),
  };
}

function stack(matrices: readonly Matrix[]): Matrix {
  const { columns } = matrices[0] as Matrix;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const data = new Float32Array(rows * columns);
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { rows, columns, data };
}

function tensorOf({ rows, columns, data }: Matrix): NamedTensor {
  return { shape: [rows, columns], data: data as Float32Array<ArrayBuffer> };
}

function matrixOf({ shape, data }: NamedTensor): Matrix {
  return { rows: shape[0] as number, columns: shape[1] as number, data };
}
