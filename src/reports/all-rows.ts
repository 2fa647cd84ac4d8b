import type { GroupView, TechniqueView } from './report-view.ts';

/** Every row of a group's tables, in their order. */
export function allRows({ techniques, controls, ceilings }: GroupView): TechniqueView[] {
  return [...techniques, ...controls, ...ceilings];
}
