import type { StrongModel } from '../../core/models.ts';
import { resolveLayers } from './layers.ts';
import type { UnitSource } from './mean-shift.ts';

/** The attention heads of every block, before their output projection. */
export function attentionHeads(technique: string, model: StrongModel): UnitSource {
  return {
    layers: resolveLayers(technique, 'all', model),
    perLayer: model.attentionHeads,
    read: (texts, layer) => model.headOutputs(texts, layer),
  };
}
