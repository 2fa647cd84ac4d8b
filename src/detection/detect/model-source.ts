import type { SupervisedExample } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { Progress } from '../../core/settings.ts';
import type { ModelSize } from '../../core/techniques.ts';

/** The strong models of one fold. */
export interface FoldModels {
  readonly pretrained: StrongModel;
  /** Trained on the measurements of the fold's training examples. */
  readonly predictor: StrongModel;
  createModel(size: ModelSize): Promise<StrongModel>;
}

export interface FoldTraining {
  readonly examples: readonly SupervisedExample[];
  readonly seed: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Keeps models of one source in directories, and opens them again so that they answer exactly as before. */
export interface ModelKeeper {
  /** Whether its models read the user's own activations instead of texts. */
  readonly ownFeatures: boolean;
  save(model: StrongModel, directory: string): Promise<void>;
  open(directory: string): Promise<StrongModel>;
}

/** Where a detection's models come from: given features, a pretrained network, or one trained from nothing. */
export interface ModelSource extends ModelKeeper {
  /** For the record, e.g. `universal-sentence-encoder-lite, frozen`. */
  readonly name: string;
  /** What a reader should know of how it reads texts. */
  readonly notes: readonly string[];
  train(training: FoldTraining): Promise<FoldModels>;
}
