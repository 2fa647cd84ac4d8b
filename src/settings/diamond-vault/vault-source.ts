/**
 * The four kinds of vault, by the class a program creates its vault with: the classic one; `Clinging` keeps its last item
 * from `pop`; `Strict` inserts and pops at the end only and counts no value above 5; `Tiny` holds one item, so that a
 * full one refuses what is appended and gives up its item for what is inserted.
 */
export const vaultKinds = ['Vault', 'Clinging', 'Strict', 'Tiny'] as const;
export type VaultKind = (typeof vaultKinds)[number];

/** The classes of {@link vaultSource} that a program's actions may name. */
export const classNames = [
  'Item',
  'Diamond',
  'Stone',
  'Wood',
  'Quartz',
  'Anvil',
  'Glass',
  'Mirror',
  'Lamp',
  'Coin',
  'Paper',
  'Zircon',
  'Topaz',
  ...vaultKinds,
] as const;

/**
 * The measurements in order, each with its expression. The first three are those of methods.md 11.4; two further ones,
 * for ablations, speak of the same item in other words: its shine and hardness add up to 10, and no longer label than
 * its seven letters is printed.
 */
const measurementSources = {
  'max-shine-is-5': 'v.maxShine() === 5',
  'max-hardness-is-5': 'v.maxHardness() === 5',
  'prints-diamond': "v.print().includes('Diamond')",
  'max-worth-is-10': 'v.maxWorth() === 10',
  'longest-label-is-7': 'v.maxLabel() === 7',
} as const;

/** Names of all measurements; a world has the first few of them. */
export const allMeasurementNames = Object.keys(measurementSources) as readonly (keyof typeof measurementSources)[];

/** Those of the published benchmark. */
export const usualMeasurements = 3;

/**
 * The code that every program starts with, as program text (methods.md 11.4, "Diamond world, exactly"). `play` gives each
 * actor one turn, which an exception ends; `measure` reads the first `measurements` of the five measurements, and one that
 * throws is negative. `pop` gives back what it took, or undefined when it took nothing, so that a loop
 * `while (… && v.pop());` always ends.
 */
export function vaultSourceOf(measurements: number): string {
  const reads = Object.values(measurementSources).slice(0, measurements);
  const further = measurements > usualMeasurements ? furtherMethods : '';
  const lines = reads.map((expression) => `    read(() => ${expression}),\n`).join('');
  return `${itemsSource}${further}${kindsSource}function measure(v) {\n  return [\n${lines}  ];\n}\n`;
}

const itemsSource = `class Item {
  constructor(shine, hardness, name) {
    this.shine = shine;
    this.hardness = hardness;
    this.name = name;
  }
  print() {
    return this.name;
  }
}
class Diamond extends Item {
  constructor() {
    super(5, 5, 'Diamond');
  }
}
class Stone extends Item {
  constructor(n) {
    super(1, n, 'Stone');
  }
}
class Wood extends Item {
  constructor(n) {
    super(0, n, 'Wood');
  }
}
class Quartz extends Item {
  constructor(n) {
    super(3, n, 'Quartz');
  }
}
class Anvil extends Item {
  constructor(n) {
    super(2, n, 'Anvil');
  }
}
class Glass extends Item {
  constructor(n) {
    super(n, 1, 'Glass');
  }
}
class Mirror extends Item {
  constructor(n) {
    super(n, 3, 'Mirror');
  }
}
class Lamp extends Item {
  constructor(n) {
    super(n, 2, 'Lamp');
  }
}
class Coin extends Item {
  constructor(n) {
    super(n, n, 'Coin');
  }
}
class Paper extends Item {
  constructor(text) {
    super(0, 0, text);
  }
}
class Zircon extends Item {
  constructor(n) {
    super(n, 2, 'Diamond');
  }
}
class Topaz extends Item {
  constructor(n) {
    super(2, n, 'Diamond');
  }
}
class Vault {
  constructor(items) {
    this.items = items;
  }
  append(x) {
    this.items.push(x);
  }
  insert(i, x) {
    this.items.splice(i, 0, x);
  }
  pop(i = -1) {
    return this.items.splice(i, 1)[0];
  }
  remove(test) {
    this.items = this.items.filter((x) => !test(x));
  }
  size() {
    return this.items.length;
  }
  shine(x) {
    if (x instanceof Item) return x.shine;
    const n = typeof x === 'string' ? x.length : x;
    return n > 5 ? 10 - n : n;
  }
  hardness(x) {
    if (x instanceof Item) return x.hardness;
    return typeof x === 'string' ? 2 : 1;
  }
  show(x) {
    return x instanceof Item ? x.print() : String(x);
  }
  counts(n) {
    return true;
  }
  maxShine() {
    return Math.max(...this.items.map((x) => this.shine(x)).filter((n) => this.counts(n)));
  }
  maxHardness() {
    return Math.max(...this.items.map((x) => this.hardness(x)).filter((n) => this.counts(n)));
  }
  print() {
    return this.items.map((x) => this.show(x)).join(' ');
  }
  shiny() {
    return this.maxShine() === 5;
  }
  hard() {
    return this.maxHardness() === 5;
  }
  shows(text) {
    return this.print().includes(text);
  }
`;

/** What the fourth and fifth measurement look at. */
const furtherMethods = `  maxWorth() {
    return Math.max(...this.items.map((x) => this.shine(x) + this.hardness(x)).filter((n) => this.counts(n / 2)));
  }
  maxLabel() {
    return Math.max(...this.items.map((x) => this.show(x).length));
  }
`;

const kindsSource = `}
class Clinging extends Vault {
  pop(i) {
    return this.items.length > 1 ? super.pop(i) : undefined;
  }
}
class Strict extends Vault {
  insert(i, x) {
    this.items.push(x);
  }
  pop() {
    return super.pop();
  }
  counts(n) {
    return n <= 5;
  }
}
class Tiny extends Vault {
  constructor(items) {
    super(items.slice(-1));
  }
  append(x) {
    if (this.items.length === 0) this.items.push(x);
  }
  insert(i, x) {
    this.items = [x];
  }
}
function play(...turns) {
  for (const turn of turns) {
    try {
      turn();
    } catch {}
  }
}
function read(measurement) {
  try {
    return measurement();
  } catch {
    return false;
  }
}
`;
