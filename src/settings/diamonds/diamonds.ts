import type { Setting } from '../../core/settings.ts';
import { createPublishedSetting, type PublishedOptions } from '../published/published-setting.ts';

/** The published diamond-in-a-vault programs in Python, one dataset for each of the seeds 0 to 7. */
export const diamonds: Setting<PublishedOptions> = createPublishedSetting({
  id: 'diamonds',
  title: 'Diamonds, as published',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'],
  measurementNames: ['max-shine-is-5', 'max-hardness-is-5', 'prints-diamond'],
  hubId: (seed) => `redwoodresearch/diamonds-seed${seed % 8}`,
});
