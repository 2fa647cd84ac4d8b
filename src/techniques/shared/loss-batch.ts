/** What a weak-to-strong loss sees of a batch of B examples. */
export interface LossBatch {
  /** Positions in the task's examples, (B). */
  readonly rows: readonly number[];
  /** Weak labels p, in [0, 1], (B). */
  readonly labels: ArrayLike<number>;
  /** Present logits z of the student, (B); its probability is σ(z). */
  readonly logits: ArrayLike<number>;
  /** Share of positives that is held to be right: the mean weak label, 1/2 for balanced labels or a batch of one. */
  readonly prior: number;
  /** Share of the training's steps that are taken, in [0, 1). */
  readonly share: number;
}

/**
 * A weak-to-strong loss of a batch, as the targets t and weights w for which its gradient by the logits is
 * w · (σ(z) − t) / B: the cross-entropy to targets that are held fixed.
 */
export interface LossTargets {
  /** In [0, 1], (B). */
  readonly targets: ArrayLike<number>;
  /** ≥ 0, (B). @default ones */
  readonly weights?: ArrayLike<number>;
}

/** A loss that depends on what the student says; what it returns may depend on nothing else but its own options. */
export type WeakLoss = (batch: LossBatch) => LossTargets;
