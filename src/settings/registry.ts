import { diamondVault } from './diamond-vault/diamond-vault.ts';
import { diamonds } from './diamonds/diamonds.ts';
import { functionCorrectness } from './function-correctness/function-correctness.ts';
import { functionCorrectnessPython } from './function-correctness-python/function-correctness-python.ts';
import { generatedStories } from './generated-stories/generated-stories.ts';
import { generatedStoriesEasy } from './generated-stories-easy/generated-stories-easy.ts';
import { textProperties } from './text-properties/text-properties.ts';

/** Every setting, by id: worlds that are generated here first, then published datasets that are read. */
export const settings = {
  'diamond-vault': diamondVault,
  'function-correctness': functionCorrectness,
  diamonds,
  'generated-stories': generatedStories,
  'generated-stories-easy': generatedStoriesEasy,
  'text-properties': textProperties,
  'function-correctness-python': functionCorrectnessPython,
} as const;

export type SettingId = keyof typeof settings;
