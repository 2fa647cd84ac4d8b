import type { Category } from '../core/examples.ts';
import type { SettingOutlook } from '../core/settings.ts';
import type { StructureId } from '../core/structures.ts';

const shownBy: Readonly<Partial<Record<StructureId, readonly Category[]>>> = {
  'trusted-subset': ['trusted-positive', 'trusted-negative'],
  'several-measurements': ['inconsistent'],
  'untrusted-examples': ['real-positive', 'fake-positive', 'inconsistent', 'all-negative'],
};

/** Those structures that some training example shows: shares may leave none trusted, untrusted or inconsistent. */
export function shownStructures(structures: readonly StructureId[], train: SettingOutlook['train']): StructureId[] {
  return structures.filter((id) => shownBy[id]?.some((category) => (train[category] ?? 0) > 0) ?? true);
}
