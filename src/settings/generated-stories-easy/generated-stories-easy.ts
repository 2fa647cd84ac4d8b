import type { Setting } from '../../core/settings.ts';
import { createPublishedSetting, type PublishedOptions } from '../published/published-setting.ts';

/** The stories in which what happened is easier to tell. */
export const generatedStoriesEasy: Setting<PublishedOptions> = createPublishedSetting({
  id: 'generated-stories-easy',
  title: 'Generated stories, easy',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples', 'tamper-evidence'],
  hubId: () => 'redwoodresearch/generated_stories_easy',
});
