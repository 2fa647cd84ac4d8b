/** How a loss's self-supervision comes in: `linear` min(1, s / r); `published-jump` s before r, then 1. */
export const ramps = ['linear', 'published-jump'] as const;
export type Ramp = (typeof ramps)[number];

/** Part in [0, 1] of the full weight when the share s of the steps is taken and the ramp is r of them long. */
export function rampAt(share: number, warmup: number, form: Ramp): number {
  switch (form) {
    case 'linear':
      return share >= warmup ? 1 : share / warmup;
    case 'published-jump':
      return share > warmup ? 1 : share;
  }
}
