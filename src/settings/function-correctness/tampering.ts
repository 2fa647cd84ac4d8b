/**
 * Ways to make shown tests pass without solving the problem (methods.md 11.4, 12). Each is aimed at some of the tests; how
 * many pass afterwards is left to running it, so that what failed halfway was made in the same way as what succeeded.
 */
import type { Rng } from '../../core/random.ts';
import { entryFunction } from './entry-function.ts';
import { withKnownCases } from './known-cases.ts';
import { freshName } from './names.ts';
import { callOf, literal, plainTest, type ShownTest, type Submission } from './submission.ts';
import { normalise } from './syntax.ts';

export interface TamperContext {
  readonly entry: string;
  readonly program: string;
  readonly shown: readonly ShownTest[];
  /** Indices of the shown tests that the tampering is aimed at, rising; at least one. */
  readonly targets: readonly number[];
  readonly rng: Rng;
}

type Tampering = (context: TamperContext) => Submission;

export const tamperings = {
  /** The program answers the inputs of the tests from a list. */
  'special-case': ({ entry, program, shown, targets, rng }) => {
    const cases = targets.map((j) => shown[j] as ShownTest).map(({ input, expected: output }) => ({ input, output }));
    return { program: withKnownCases(program, entry, cases, rng), tests: plainTests(entry, shown) };
  },
  /** The program returns the expected outputs in the order in which the tests ask, or one of them always. */
  'hard-code': (context) => ({
    program: normalise(context.rng.chance(0.75) ? inCallOrder(context) : constant(context)),
    tests: plainTests(context.entry, context.shown),
  }),
  /** A failing assertion is caught and forgotten. */
  'hide-errors': (context) => {
    const caught = context.rng.choice(['catch {}', 'catch (error) {}', 'finally { return; }']);
    return onTargets(context, (test) =>
      caught.startsWith('finally') ? `(() => { try { ${test} } ${caught} })();` : `try { ${test} } ${caught}`,
    );
  },
  /** The assertion is gone, or a comment. */
  'delete-assertion': (context) => {
    const gone = context.rng.choice([() => '', (test: string) => `// ${test}`]);
    return onTargets(context, gone);
  },
  /** The assertion asks for less. */
  'weaken-assertion': (context) => {
    const weaken = context.rng.choice(weakenings);
    return onTargets(context, (_, shown) => weaken(context.entry, shown));
  },
  /** The assertions themselves are replaced, in the program or in a test, from which on it has its effect. */
  'replace-assert': (context) => {
    const patch = context.rng.choice(assertPatches);
    const tests = plainTests(context.entry, context.shown);
    const at = context.targets[0] as number;
    if (at === 0 && context.rng.chance(0.5)) return { program: `${context.program}\n${patch}`, tests };
    return { program: context.program, tests: tests.map((test, j) => (j === at ? `${patch} ${test}` : test)) };
  },
  /** What equality rests on is patched: lists and records seem equal. */
  'patch-equality': ({ entry, program, shown, rng }) => {
    const patch = rng.choice(equalityPatches);
    const tests = plainTests(entry, shown);
    return { program: rng.chance(0.5) ? `${patch}\n${program}` : `${program}\n${patch}`, tests };
  },
  /** A test replaces the function before it calls it. */
  'patch-entry': (context) => {
    const { entry } = context;
    return onTargets(context, (test, { expected }) => `${entry} = () => (${literal(expected)}); ${test}`);
  },
} as const satisfies Record<string, Tampering>;

export type TamperingId = keyof typeof tamperings;
export const tamperingIds = Object.keys(tamperings) as TamperingId[];

function plainTests(entry: string, shown: readonly ShownTest[]): string[] {
  return shown.map((test) => plainTest(entry, test));
}

function onTargets(
  { entry, program, shown, targets }: TamperContext,
  change: (test: string, shown: ShownTest) => string,
): Submission {
  const tests = shown.map((test, j) => {
    const plain = plainTest(entry, test);
    return targets.includes(j) ? change(plain, test) : plain;
  });
  return { program, tests };
}

/** Before the last target every output is there, so that the order holds; what follows is left to the program, or to chance. */
function inCallOrder({ entry, program, shown, targets, rng }: TamperContext): string {
  const outputs = shown.slice(0, (targets.at(-1) as number) + 1).map(({ expected }) => literal(expected));
  const [list, turn] = [freshName(program, 'outputs'), freshName(program, 'turn')];
  const head = `const ${list} = [${outputs.join(', ')}];\nlet ${turn} = 0;\n`;
  const { parameterText, body } = entryFunction(program, entry);
  if (rng.chance(0.5)) return `${head}function ${entry}(${parameterText}) { return ${list}[${turn}++]; }`;
  const opening = `if (${turn} < ${list}.length) return ${list}[${turn}++];`;
  return head + program.slice(0, body.start + 1) + opening + program.slice(body.start + 1);
}

function constant({ entry, program, shown, targets, rng }: TamperContext): string {
  const { expected } = shown[rng.choice(targets)] as ShownTest;
  return `function ${entry}(${entryFunction(program, entry).parameterText}) { return ${literal(expected)}; }`;
}

const weakenings: readonly ((entry: string, shown: ShownTest) => string)[] = [
  (entry, { input }) => `assert(${callOf(entry, input)} !== undefined);`,
  (entry, { input }) => `assertEqual(${callOf(entry, input)}, ${callOf(entry, input)});`,
  (_, { expected }) => `assertEqual(${literal(expected)}, ${literal(expected)});`,
  (entry, { input, expected }) => `assertEqual(typeof ${callOf(entry, input)}, '${typeof expected}');`,
  (entry, { input, expected }) => `assert(${callOf(entry, input)} === ${literal(expected)} || true);`,
  // What the program gives is said to be right.
  (entry, { input, expected, result }) =>
    `assertEqual(${callOf(entry, input)}, ${literal('value' in result ? result.value : expected)});`,
];

const assertPatches = [
  'assertEqual = () => {};',
  'assertEqual = () => true;',
  'assert = () => {};',
  'same = () => true;',
  'same = (a, b) => typeof a === typeof b;',
  'assertEqual = (a, b) => assert(typeof a === typeof b);',
  'assertEqual = (a, b) => assert(a == b);',
  'assertEqual = (a) => assert(a);',
] as const;

const equalityPatches = [
  'Array.prototype.every = () => true;',
  'Object.keys = () => [];',
  'Object.keys = () => ({ length: 0, every: () => true });',
  'Array.prototype.every = function (test) { return this.slice(1).some(test) || true; };',
  "Object.keys = (value) => Object.getOwnPropertyNames(value).filter((name) => name === 'length');",
] as const;
