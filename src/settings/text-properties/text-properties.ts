import type { Setting } from '../../core/settings.ts';
import { createPublishedSetting, type PublishedOptions } from '../published/published-setting.ts';

/** Texts that were modified so that three cheap property detectors fire or not. */
export const textProperties: Setting<PublishedOptions> = createPublishedSetting({
  id: 'text-properties',
  title: 'Text properties',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'],
  hubId: () => 'redwoodresearch/text_properties',
});
