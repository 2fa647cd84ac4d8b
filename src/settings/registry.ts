import { diamondVault } from './diamond-vault/diamond-vault.ts';

/** Every setting, by id. */
export const settings = { 'diamond-vault': diamondVault } as const;

export type SettingId = keyof typeof settings;
