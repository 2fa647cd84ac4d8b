import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLabels } from '../../../src/techniques/shared/balance-labels.ts';
import { confidenceTargets, hardenedAnswers } from '../../../src/techniques/shared/confidence-targets.ts';
import { entropyTargets } from '../../../src/techniques/shared/entropy-targets.ts';
import type { LossBatch, LossTargets } from '../../../src/techniques/shared/loss-batch.ts';
import { productTargets } from '../../../src/techniques/shared/product-targets.ts';
import { type Ramp, rampAt } from '../../../src/techniques/shared/ramp.ts';
import { sigmoid } from '../../../src/techniques/shared/sigmoid.ts';
import { mixedLabel, mixtureGradient, simplexWeights } from '../../../src/techniques/shared/supervisor-mixture.ts';
import { windowWeights } from '../../../src/techniques/shared/window-weights.ts';

interface GoldenCase {
  readonly loss: 'xent' | 'kl' | 'confidence' | 'balanced' | 'entropy' | 'product' | 'window';
  readonly options: Record<'maxWeight' | 'warmup' | 'alpha' | 'beta' | 'radius', number> & { readonly ramp: Ramp };
  readonly share: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
  /** By the logits, from PyTorch. */
  readonly gradient: readonly number[];
}

const golden: { readonly cases: readonly GoldenCase[] } = JSON.parse(
  readFileSync(new URL('../../golden/weak-to-strong-losses.golden.json', import.meta.url), 'utf8'),
);

describe('the gradient that a loss’s targets stand for', () => {
  it.each(golden.cases)('is PyTorch’s of $loss $options at $share', (given) => {
    const { targets, weights } = targetsOf(given);
    const gradient = given.logits.map(
      (z, i) => ((weights?.[i] ?? 1) * (sigmoid(z) - (targets[i] as number))) / given.logits.length,
    );
    gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(given.gradient[i] as number, 12);
    });
  });

  it('is checked for every loss, where the mask or the ramp is on and off', () => {
    const losses = golden.cases.map(({ loss }) => loss);
    expect(new Set(losses)).toEqual(new Set(['xent', 'kl', 'confidence', 'balanced', 'entropy', 'product', 'window']));
    const masked = golden.cases.filter(({ loss }) => loss === 'window').map(({ gradient }) => gradient.includes(0));
    expect(masked).toEqual([true, true, false]);
  });
});

describe('ramps', () => {
  it.each([
    ['linear', 0, 0.2, 0],
    ['linear', 0.05, 0.2, 0.25],
    ['linear', 0.2, 0.2, 1],
    ['linear', 0.9, 0.2, 1],
    ['linear', 0, 0, 1],
    ['published-jump', 0.05, 0.1, 0.05],
    ['published-jump', 0.1, 0.1, 0.1],
    ['published-jump', 0.11, 0.1, 1],
  ] as const)('%s at %d of a warm-up of %d is %d', (form, share, warmup, wanted) => {
    expect(rampAt(share, warmup, form)).toBeCloseTo(wanted, 15);
  });
});

describe('hardened answers', () => {
  it('call positive those whose class-0 probability is below its prior-quantile', () => {
    const probabilities = [0.9, 0.1, 0.5, 0.7, 0.3];
    const logits = probabilities.map((p) => Math.log(p / (1 - p)));
    // Of the class-0 probabilities 0.1, 0.3, 0.5, 0.7, 0.9 the 0.4-quantile is at position 1.6: 0.42.
    expect([...hardenedAnswers({ logits, prior: 0.4 })]).toEqual([1, 0, 0, 1, 0]);
    // Position 0 is 0.1 itself, which is not below itself.
    expect([...hardenedAnswers({ logits, prior: 0 })]).toEqual([0, 0, 0, 0, 0]);
  });

  it('call positive as large a share as the prior, within 1/B, saturated logits too', () => {
    const batch = fc.uniqueArray(fc.double({ min: -200, max: 200, noNaN: true }), { minLength: 1, maxLength: 70 });
    const prior = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(batch, prior, (logits, share) => {
        const hardened = hardenedAnswers({ logits, prior: share });
        const positive = hardened.reduce((sum, value) => sum + value, 0) / logits.length;
        expect(Math.abs(positive - share)).toBeLessThanOrEqual(1 / logits.length + 1e-12);
      }),
    );
  });

  it('call all tied answers negative', () => {
    expect([...hardenedAnswers({ logits: [2, 2, 2], prior: 0.5 })]).toEqual([0, 0, 0]);
  });

  it('mix into the labels by their weight', () => {
    const targets = confidenceTargets(batchOf({ labels: [0.2, 0.8], logits: [3, -3] }), 0.25);
    expect(targets[0]).toBeCloseTo(0.75 * 0.2 + 0.25, 15);
    expect(targets[1]).toBeCloseTo(0.75 * 0.8, 15);
  });
});

describe('product targets', () => {
  it('are the renormalised product of powers, by hand', () => {
    const [p, q] = [0.8, 0.3];
    const batch = batchOf({ labels: [p], logits: [Math.log(q / (1 - q))] });
    const by = (alpha: number, beta: number) => {
      const [one, zero] = [q ** beta * p ** alpha, (1 - q) ** beta * (1 - p) ** alpha];
      return one / (one + zero);
    };
    expect(by(1, 1)).toBeCloseTo(0.24 / 0.38, 15);
    for (const [alpha, beta] of [
      [1, 1],
      [2, 0.5],
      [0, 1],
      [1, 0],
    ] as const) {
      expect(productTargets(batch, alpha, beta)[0]).toBeCloseTo(by(alpha, beta), 12);
    }
  });

  it('are the label where that is certain', () => {
    const batch = batchOf({ labels: [0, 1], logits: [40, -40] });
    expect([...productTargets(batch, 1, 1)]).toEqual([0, 1]);
    expect([...productTargets(batch, 0, 0)]).toEqual([0.5, 0.5]);
  });
});

describe('entropy targets', () => {
  it('leave the gradient of cross-entropy, scaled down', () => {
    const batch = batchOf({ labels: [0.1, 0.9, 1], logits: [2, 0, -1] });
    entropyTargets(batch, 0.3).forEach((t, i) => {
      const q = sigmoid(batch.logits[i] as number);
      expect(q - t).toBeCloseTo(0.7 * (q - (batch.labels[i] as number)), 15);
    });
  });
});

describe('window weights', () => {
  it('are 1 where the surer class has less than 1/2 + radius, either way', () => {
    const logits = [0.64, 0.65, 0.66, 0.67].map((q) => Math.log(q / (1 - q)));
    expect([...windowWeights({ logits }, 0.155)]).toEqual([1, 1, 0, 0]);
    expect([...windowWeights({ logits: logits.map((z) => -z) }, 0.155)]).toEqual([1, 1, 0, 0]);
    expect([...windowWeights({ logits: [100] }, 0.51)]).toEqual([1]);
    expect([...windowWeights({ logits: [100] }, 0.5)]).toEqual([0]);
  });
});

describe('balanced labels', () => {
  it('have log-odds of mean 0 and the differences of before', () => {
    const [a, b] = balanceLabels([0.6, 0.9]) as unknown as [number, number];
    expect(Math.log(a / (1 - a)) + Math.log(b / (1 - b))).toBeCloseTo(0, 12);
    expect(Math.log(b / (1 - b)) - Math.log(a / (1 - a))).toBeCloseTo(Math.log(9) - Math.log(1.5), 12);
  });

  it('keep certain labels finite, at log-odds of about ±16.1 before', () => {
    const [low, high] = balanceLabels([0, 1]) as unknown as [number, number];
    expect(low).toBeCloseTo(1e-7, 12);
    expect(high).toBeCloseTo(1 - 1e-7, 12);
    expect([...balanceLabels([1, 1, 1])]).toEqual([0.5, 0.5, 0.5]);
    expect(balanceLabels([])).toHaveLength(0);
  });
});

describe('supervisor mixtures', () => {
  const labels = [
    [0.9, 0.2, 0.6],
    [0.1, 0.7, 0.3],
    [0.5, 0.5, 0.9],
  ];
  const logits = [1.5, -2, 0.3];

  it('start as the mean', () => {
    expect(mixedLabel([0.9, 0.2, 0.7], simplexWeights([0, 0, 0]))).toBeCloseTo(0.6, 15);
  });

  it('have the gradient that differences of the cross-entropy show', () => {
    const a = [0.3, -0.2, 0.8];
    const loss = (at: readonly number[]) => {
      const terms = labels.map((each, i) => {
        const [t, z] = [mixedLabel(each, simplexWeights(at)), logits[i] as number];
        return t * Math.log(sigmoid(z)) + (1 - t) * Math.log(1 - sigmoid(z));
      });
      return -terms.reduce((sum, term) => sum + term, 0) / terms.length;
    };
    mixtureGradient(labels, logits, simplexWeights(a)).forEach((g, k) => {
      const moved = (step: number) => a.map((value, j) => (j === k ? value + step : value));
      expect(g).toBeCloseTo((loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5, 9);
    });
  });
});

function batchOf({ labels, logits }: { labels: readonly number[]; logits: readonly number[] }): LossBatch {
  const prior = labels.reduce((sum, p) => sum + p, 0) / labels.length;
  return { rows: labels.map((_, i) => i), labels, logits, prior, share: 0 };
}

function targetsOf({ loss, options, share, labels, logits }: GoldenCase): LossTargets {
  const batch = batchOf({ labels, logits });
  const weight = options.maxWeight * rampAt(share, options.warmup, options.ramp);
  switch (loss) {
    case 'xent':
    case 'kl':
      return { targets: labels };
    case 'confidence':
      return { targets: confidenceTargets(batch, weight) };
    case 'balanced':
      return { targets: confidenceTargets({ ...batch, labels: balanceLabels(labels), prior: 0.5 }, weight) };
    case 'entropy':
      return { targets: entropyTargets(batch, weight) };
    case 'product':
      return { targets: productTargets(batch, options.alpha, options.beta) };
    case 'window':
      return { targets: labels, weights: windowWeights(batch, options.radius) };
    default:
      return loss satisfies never;
  }
}
