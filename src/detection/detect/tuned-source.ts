import { expected } from '../../core/errors.ts';
import type { StrongModel } from '../../core/models.ts';
import type { NetworkModel } from '../../models/network-model.ts';
import { trainOnMeasurements } from '../../models/strong-model.ts';
import { loadTuned, saveTuned } from '../../models/tuned-checkpoint.ts';
import type { FoldTraining, ModelSource } from './model-source.ts';

/** Models that start from a pretrained network and train as its config says. @param openBase the base with heads by seed */
export function tunedSource(
  name: string,
  openBase: (seed: number) => Promise<NetworkModel>,
  notes: readonly string[],
): ModelSource {
  return {
    name,
    notes,
    ownFeatures: false,
    train: async ({ examples, seed, progress }: FoldTraining) => {
      const pretrained = await openBase(seed);
      const predictor = await trainOnMeasurements(pretrained, examples, { seed, progress });
      return { pretrained, predictor, createModel: async () => refuseSize(name) };
    },
    save: async (model: StrongModel, directory: string) => {
      await saveTuned(model as NetworkModel, await openBase(0), directory);
    },
    // What is saved brings its own heads, so those of the base do not matter.
    open: async (directory: string) => loadTuned(await openBase(0), directory),
  };
}

function refuseSize(name: string): never {
  const next = "Use a model of the project's own, without `source`.";
  throw expected('no-other-size', 'the strong model', 'one that comes in other sizes', name, next);
}
