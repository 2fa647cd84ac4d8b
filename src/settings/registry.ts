import { amazonPolarity } from './amazon-polarity/amazon-polarity.ts';
import { anthropicHh } from './anthropic-hh/anthropic-hh.ts';
import { arithmeticReasoning } from './arithmetic-reasoning/arithmetic-reasoning.ts';
import { boolq } from './boolq/boolq.ts';
import { codeReasoning } from './code-reasoning/code-reasoning.ts';
import { cosmosQa } from './cosmos-qa/cosmos-qa.ts';
import { diamondVault } from './diamond-vault/diamond-vault.ts';
import { diamonds } from './diamonds/diamonds.ts';
import { easyToHard } from './easy-to-hard/easy-to-hard.ts';
import { functionCorrectness } from './function-correctness/function-correctness.ts';
import { functionCorrectnessPython } from './function-correctness-python/function-correctness-python.ts';
import { generalizationAnalogies } from './generalization-analogies/generalization-analogies.ts';
import { generatedStories } from './generated-stories/generated-stories.ts';
import { generatedStoriesEasy } from './generated-stories-easy/generated-stories-easy.ts';
import { quirkyArithmetic } from './quirky-arithmetic/quirky-arithmetic.ts';
import { quirkyHub } from './quirky-hub/quirky-hub.ts';
import { sciq } from './sciq/sciq.ts';
import { tabular } from './tabular/tabular.ts';
import { textProperties } from './text-properties/text-properties.ts';
import { trueFalseStatements } from './true-false-statements/true-false-statements.ts';

/** Every setting, by id: worlds that are generated here first, then published datasets that are read. */
export const settings = {
  'diamond-vault': diamondVault,
  'function-correctness': functionCorrectness,
  'arithmetic-reasoning': arithmeticReasoning,
  'code-reasoning': codeReasoning,
  'quirky-arithmetic': quirkyArithmetic,
  'easy-to-hard': easyToHard,
  diamonds,
  'generated-stories': generatedStories,
  'generated-stories-easy': generatedStoriesEasy,
  'text-properties': textProperties,
  'function-correctness-python': functionCorrectnessPython,
  sciq,
  boolq,
  'amazon-polarity': amazonPolarity,
  'cosmos-qa': cosmosQa,
  'anthropic-hh': anthropicHh,
  'true-false-statements': trueFalseStatements,
  'quirky-hub': quirkyHub,
  'generalization-analogies': generalizationAnalogies,
  tabular,
} as const;

export type SettingId = keyof typeof settings;
