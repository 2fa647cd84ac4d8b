/**
 * Code reasoning, a weak-to-strong setting (methods.md 3.1): straight-line programs with an account of what they do, half of
 * them wrong about what is printed. A weak supervisor learns from few examples whether an account is right; the strong
 * model has read programs with right accounts first, so that it knows more than its supervisor.
 */
import { countBySplit } from '../../core/count-categories.ts';
import type { ContrastPair, Example } from '../../core/examples.ts';
import { createRng, type Rng } from '../../core/random.ts';
import type { Dataset, Setting, SettingContext } from '../../core/settings.ts';
import { supervisedOutlook } from '../supervised-outlook.ts';
import { rightAccount, wrongAccount } from './mistakes.ts';
import { type CodeReasoningOptions, codeReasoningOptions } from './options.ts';
import { difficultyOf, type Program, sampleProgram } from './program.ts';
import { accountText, alphabets, contrastPairs, programText } from './writing.ts';

/** Mean tokens of a text with as many steps, and processor time per program. */
const meanTokens = { perStep: 6, rest: 9 };
const secondsPerText = 3e-5;

export const codeReasoning: Setting<CodeReasoningOptions> = {
  id: 'code-reasoning',
  title: 'Code reasoning',
  source: 'methods.md 3.1; Burns et al. 2023, "Weak-to-Strong Generalization", arXiv 2312.09390',
  structures: ['untrusted-examples', 'contrast-pairs', 'paraphrases', 'difficulty-order'],
  options: codeReasoningOptions,
  offers: ({ wordings }) => codeReasoning.structures.filter((id) => id !== 'paraphrases' || wordings > 1),
  wantsSupervisor: true,
  bringsCorpus: true,
  load,
  outlook: (options) =>
    supervisedOutlook(options, {
      judgedSplits: 2,
      meanTokens: meanTokens.rest + options.steps * meanTokens.perStep,
      secondsPerText,
    }),
  sampleTexts: async (options) =>
    examplesOf('train', 100, options, { seed: 0, draw: createPrograms() }).map(({ text }) => text),
};

async function load(options: CodeReasoningOptions, { seed, signal }: SettingContext): Promise<Dataset> {
  signal.throwIfAborted();
  const { supervisorExamples, trainExamples, testExamples } = options;
  const source = { seed, draw: createPrograms() };
  const supervisor = examplesOf('supervisor', supervisorExamples, options, source);
  const splits = {
    train: examplesOf('train', trainExamples, options, source),
    test: examplesOf('test', testExamples, options, source),
    hard: examplesOf('hard', testExamples, { ...options, steps: hardSteps(options) }, source),
  };
  return {
    setting: codeReasoning.id,
    seed,
    measurementNames: [],
    splits,
    supervisorExamples: supervisor,
    corpus: corpusOf(options, source),
    notes: {
      counts: countBySplit(splits),
      dropped: {},
      relabelled: {},
      heldOut: { test: 'programs', hard: 'programs' },
    },
  };
}

interface Source {
  readonly seed: number;
  readonly draw: ReturnType<typeof createPrograms>;
}

/** Draws programs of which none is drawn twice. */
function createPrograms() {
  const drawn = new Set<string>();
  return (steps: number, rng: Rng): Program => {
    for (;;) {
      const program = sampleProgram(steps, rng);
      const text = programText(program, alphabets[0]);
      if (drawn.has(text)) continue;
      drawn.add(text);
      return program;
    }
  };
}

function hardSteps({ steps }: CodeReasoningOptions): number {
  return steps + 2;
}

function examplesOf(split: string, count: number, options: CodeReasoningOptions, { seed, draw }: Source): Example[] {
  const rng = createRng(seed, codeReasoning.id, split);
  const examples = Array.from({ length: count }, (_, i) =>
    exampleOf(draw(options.steps, rng), i % 2 === 0, options, rng),
  );
  return rng.shuffle(examples).map((example, i) => ({ id: `${split}-${String(i).padStart(5, '0')}`, ...example }));
}

function exampleOf(
  program: Program,
  right: boolean,
  { wordings }: CodeReasoningOptions,
  rng: Rng,
): Omit<Example, 'id'> {
  const truth = rightAccount(program);
  const { account: wrong, mistake } = wrongAccount(program, rng);
  const [positive, negative] = right ? [truth, wrong] : [wrong, truth];
  const pairs = contrastPairs(program, { negative, positive }, wordings);
  const own = pairs[0] as ContrastPair;
  return {
    text: own.prompt + own.positive,
    pairs,
    measurements: [],
    trusted: false,
    groundTruth: right,
    difficulty: difficultyOf(program),
    kind: right ? 'right' : mistake,
  };
}

function corpusOf(options: CodeReasoningOptions, { seed, draw }: Source): string[] {
  const rng = createRng(seed, codeReasoning.id, 'corpus');
  return Array.from({ length: options.corpusTexts }, () => {
    const program = draw(rng.chance(options.corpusHardShare) ? hardSteps(options) : options.steps, rng);
    const names = rng.choice(alphabets.slice(0, options.wordings));
    const right = accountText(program, rightAccount(program), names);
    if (!rng.chance(options.corpusCorrections)) return programText(program, names) + right;
    const wrong = accountText(program, wrongAccount(program, rng).account, names);
    return `${programText(program, names)}${wrong}// no\n${right}`;
  });
}
