import type { StrongModel } from '../../core/models.ts';
import type { ModelSize } from '../../core/techniques.ts';

/**
 * Sizes of `count` models between nothing and the strong one, evenly spaced from half its width and layers up: at part
 * f = 1/2 + i/(2·count), i from 0, width f·w rounded to whole attention heads, layers f·L rounded, each at least 1.
 */
export function chainSizes(
  strong: Pick<StrongModel, 'width' | 'layers' | 'attentionHeads'>,
  count: number,
): ModelSize[] {
  const { width, layers, attentionHeads } = strong;
  const perHead = width / attentionHeads;
  return Array.from({ length: count }, (_, i) => {
    const part = 0.5 + i / (2 * count);
    return {
      width: attentionHeads * Math.max(1, Math.round(part * perHead)),
      layers: Math.max(1, Math.round(part * layers)),
    };
  });
}
