import type { StrongModel } from '../../core/models.ts';

/** What a linear probe asks of a model; what it gets need not be the model's own activations. */
export type ActivationSource = Pick<StrongModel, 'layers' | 'activations'>;
