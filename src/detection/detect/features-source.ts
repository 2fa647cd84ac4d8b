import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import type { StrongModel } from '../../core/models.ts';
import { readTensors, writeTensors } from '../../models/tensor-files.ts';
import { measurementTargets, trainingTargets } from '../../techniques/shared/targets.ts';
import { createFeatureModel, type FeatureModel } from '../features/feature-model.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import type { FoldTraining, ModelSource } from './model-source.ts';

export interface FeaturesSourceOptions {
  readonly name: string;
  /** Whether the features are the user's own, not of texts. */
  readonly own: boolean;
  readonly features: FeatureRows;
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  readonly threads: number;
  readonly notes?: readonly string[];
}

const headsFile = 'heads.safetensors';

/** Models over given features: the network stays as it is, and only linear heads are learned. */
export function featuresSource({ name, own, notes = [], ...options }: FeaturesSourceOptions): ModelSource {
  return {
    name,
    notes,
    ownFeatures: own,
    train: async ({ examples, seed, signal, progress }: FoldTraining) => {
      const pretrained = createFeatureModel({ ...options, seed, signal });
      const data = trainingTargets(pretrained.heads, examples, measurementTargets);
      const predictor = await pretrained.finetune(data, { seed, progress });
      return { pretrained, predictor, createModel: async () => refuseSize() };
    },
    save: async (model: StrongModel, directory: string) => {
      await mkdir(directory, { recursive: true });
      await writeTensors(join(directory, headsFile), (model as FeatureModel).headWeights);
    },
    open: async (directory: string) => {
      const { tensors } = await readTensors(join(directory, headsFile));
      return createFeatureModel({ ...options, seed: 0, headWeights: tensors });
    },
  };
}

function refuseSize(): never {
  const next = "Use a model of the project's own, without `source`.";
  throw expected('no-other-size', 'the strong model', 'one that comes in other sizes', 'given features', next);
}
