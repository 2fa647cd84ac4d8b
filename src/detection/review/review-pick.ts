/** An example that a person is asked to check. */
export interface ReviewPick {
  readonly id: string;
  /** `random`: drawn from those of its flag that are not uncertain; `uncertain`: among those closest to the alarm's threshold. */
  readonly why: 'random' | 'uncertain';
  /** In (0, 1]: chance of being picked, of which an `uncertain` one was certain. */
  readonly inclusionProbability: number;
  readonly score: number;
  readonly pValue: number;
  readonly flagged: boolean;
}
