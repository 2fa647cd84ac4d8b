import type { StepKind } from '../core/records.ts';
import type { Progress } from '../core/settings.ts';

/**
 * One step of a run: a pure function of its config and its inputs' artifacts. A spec is plain data, so that it can be
 * hashed, sent to another process, and done again with the same result.
 */
export interface StepSpec {
  readonly kind: StepKind;
  /** Content address: hash of config, inputs' keys and the code that matters. */
  readonly key: string;
  /** For people, e.g. `evidence-probe · seed 0`. */
  readonly label: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Role → key of the step whose artifact plays it. */
  readonly inputs: Readonly<Record<string, { readonly kind: StepKind; readonly key: string }>>;
}

/** What a running step may touch: its empty output directory, and its inputs' finished ones. */
export interface StepContext {
  readonly directory: string;
  /** Directory of the finished artifact that plays `role`. */
  readonly input: (role: string) => string;
  /** Whether the step has an input of that role. */
  readonly has: (role: string) => boolean;
  readonly threads: number;
  /** Where the pretrained model's files are; kept out of specs, since the same files elsewhere give the same results. */
  readonly modelPath?: string | undefined;
  /** Where data files are, by their name in the config; kept out of specs as well. */
  readonly dataPaths?: ReadonlyMap<string, string> | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export type StepRunner<Config> = (config: Config, context: StepContext) => Promise<void>;
