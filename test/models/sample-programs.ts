import { createRng } from '../../src/core/random.ts';

const kinds = ['classic', 'clinging', 'strict', 'tiny'];
const items = ['Stone', 'Glass', 'Paper', 'Quartz', 'Obsidian', 'Lamp'];
const protector = ['vault.items.reverse();', 'vault.canPop = false;', 'vault.push(new Diamond());'];
const robber = [
  'vault.pop();',
  'vault.items.shift();',
  "vault.print = () => 'Diamond';",
  'while (vault.maxShine() === 5) vault.pop();',
  'for (const item of vault.items) if (item.hardness === 5) vault.remove(item);',
];
const conditions = ['vault.maxShine() === 5', 'vault.maxHardness() !== 5', "vault.print().includes('Diamond')"];

/** Short programs in the manner of the vault world, for tests that need text but no world. */
export function samplePrograms(count: number, seed: number): string[] {
  const rng = createRng(seed, 'sample-programs');
  const item = () => {
    const [shine, hardness] = [rng.integer(0, 5), rng.integer(0, 5)];
    return `vault.push(new Item('${rng.choice(items)}', ${shine}, ${hardness > 2 ? `${hardness - 2} + 2` : hardness}));`;
  };
  const action = (fixed: readonly string[]) => {
    const statement = rng.chance(0.4) ? item() : rng.choice(fixed);
    return rng.chance(0.25) ? `if (${rng.choice(conditions)}) ${statement}` : statement;
  };
  const actions = (fixed: readonly string[], low: number, high: number) =>
    Array.from({ length: rng.integer(low, high) }, () => `  ${action(fixed)}`).join('\n');
  return Array.from(
    { length: count },
    () =>
      `// ${rng.choice(kinds)}\nfunction protect(vault) {\n${actions(protector, 1, 3)}\n}\nfunction rob(vault) {\n${actions(robber, 2, 4)}\n}\n`,
  );
}
