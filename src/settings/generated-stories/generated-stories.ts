import type { Setting } from '../../core/settings.ts';
import { createPublishedSetting, type PublishedOptions } from '../published/published-setting.ts';

/** Stories with questions about what several observers saw, answered by a stronger judge; with tamper evidence. */
export const generatedStories: Setting<PublishedOptions> = createPublishedSetting({
  id: 'generated-stories',
  title: 'Generated stories',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples', 'tamper-evidence'],
  hubId: () => 'redwoodresearch/generated_stories',
});
