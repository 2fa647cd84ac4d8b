import type { Setting } from '../../core/settings.ts';
import { createPublishedSetting, type PublishedOptions } from '../published/published-setting.ts';

/** The published Python programs with their tests, of which 1 to 20 are shown. */
export const functionCorrectnessPython: Setting<PublishedOptions> = createPublishedSetting({
  id: 'function-correctness-python',
  title: 'Function correctness, as published',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'],
  hubId: () => 'redwoodresearch/function_correctness',
});
