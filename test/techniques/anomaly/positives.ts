import type { Example } from '../../../src/core/examples.ts';

/** Examples with these texts and every measurement positive. */
export function positivesOf(texts: readonly string[], trusted: boolean): readonly Example[] {
  return texts.map((text, index) => ({
    id: `${trusted ? 'trusted' : 'untrusted'}-${index}`,
    text,
    measurements: [true, true, true],
    trusted,
    groundTruth: trusted,
  }));
}
