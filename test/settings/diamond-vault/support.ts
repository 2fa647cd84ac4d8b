import { runInNewContext } from 'node:vm';
import { createRng, type Rng } from '../../../src/core/random.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import type { ActionTemplate } from '../../../src/settings/diamond-vault/action-template.ts';
import { diamondVault } from '../../../src/settings/diamond-vault/diamond-vault.ts';
import { easyActions } from '../../../src/settings/diamond-vault/easy-actions.ts';
import { hardActions } from '../../../src/settings/diamond-vault/hard-actions.ts';
import type { DiamondVaultOptions } from '../../../src/settings/diamond-vault/options.ts';
import { type Program, poolsOf, sampleDraft, writeProgram } from '../../../src/settings/diamond-vault/program.ts';
import type { VaultKind } from '../../../src/settings/diamond-vault/vault-source.ts';

export const allActions: readonly ActionTemplate[] = [...easyActions, ...hardActions];

export function programOf(kind: VaultKind, protector: readonly string[], robber: readonly string[] = []): Program {
  return { kind, protector, robber, templates: [] };
}

export function samplePrograms(pool: readonly ActionTemplate[], count: number, label: string): Program[] {
  const pools = poolsOf(pool);
  const rng: Rng = createRng(0, 'test', label);
  return Array.from({ length: count }, () => writeProgram(sampleDraft(pools, rng), rng));
}

/** What a program text measures when it is run on its own, away from the setting's code. */
export function measureAlone(fullText: string): boolean[] {
  return [...(runInNewContext(`${fullText}\nmeasurements`) as Iterable<boolean>)];
}

export function loadSmall(
  options: Partial<DiamondVaultOptions> = {},
  context: { readonly seed?: number; readonly threads?: number } = {},
): Promise<Dataset> {
  const small = diamondVault.options.parse({ trainExamples: 500, validationExamples: 50, ...options });
  const { seed = 0, threads = 2 } = context;
  return diamondVault.load(small, { seed, threads, progress: () => {}, signal: new AbortController().signal });
}
