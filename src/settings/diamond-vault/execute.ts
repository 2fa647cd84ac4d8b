import { type Program, varyingText } from './program.ts';
import { allMeasurementNames, classNames, usualMeasurements, vaultSourceOf } from './vault-source.ts';

/** One boolean per measurement of the world. */
export type Measurements = readonly boolean[];

/** What an execution showed. */
export interface Execution {
  readonly measurements: Measurements;
  /** Whether the diamond that the program began with is still in the vault, by identity. */
  readonly diamondPresent: boolean;
  /** Whether some measurement is still positive once the diamond is taken out of the final vault. */
  positiveWithoutDiamond(): boolean;
}

interface VaultObject {
  readonly items: readonly unknown[];
}

/** Fresh classes, so that a program that patches them leaves no trace for the next. */
interface World {
  readonly classes: readonly unknown[];
  play(...turns: readonly (() => void)[]): void;
  measure(v: VaultObject): Measurements;
}

/** The world's classes come in as parameters; the rest is the program text itself. */
type Varying = (...classes: readonly unknown[]) => {
  protector(): void;
  robber(): void;
  vault(): VaultObject;
};

// The fixed code is compiled once per number of measurements; each call evaluates it anew.
const createWorlds = allMeasurementNames.map((_, last) => {
  const classes = classNames.join(', ');
  return new Function(
    `'use strict';\n${vaultSourceOf(last + 1)}return { classes: [${classes}], play, measure };`,
  ) as () => World;
});

/**
 * Runs a program's text in a world of `measurements` measurements, from 1 to 5. The diamond is known by a reference that the text has no name for, so that no action can fake
 * or read the ground truth.
 */
export function execute(program: Program, measurements = usualMeasurements): Execution {
  const world = (createWorlds[measurements - 1] as () => World)();
  const { protector, robber, vault } = compile(program)(...world.classes);
  const diamond = vault().items[0];
  world.play(protector, robber);
  const v = vault();
  return {
    measurements: world.measure(v),
    diamondPresent: v.items.includes(diamond),
    positiveWithoutDiamond: () => world.measure(without(v, diamond)).includes(true),
  };
}

function compile(program: Program): Varying {
  const body = `'use strict';\n${varyingText(program)}\nreturn { protector, robber, vault: () => v };`;
  return new Function(...classNames, body) as Varying;
}

/** The same vault seen without the diamond; an heir, since the vault itself may be frozen. */
function without(v: VaultObject, diamond: unknown): VaultObject {
  const items = v.items.filter((item) => item !== diamond);
  return Object.create(v, { items: { value: items } }) as VaultObject;
}
