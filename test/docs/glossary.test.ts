import { describe, expect, it } from 'vitest';
import { metricIds } from '../../src/core/estimates.ts';
import { categories } from '../../src/core/examples.ts';
import { structures } from '../../src/core/structures.ts';
import { settings } from '../../src/settings/registry.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { textOf } from '../architecture/sources.ts';

const known: Record<string, readonly string[]> = {
  Categories: categories,
  Structures: Object.keys(structures),
  Settings: Object.keys(settings),
  Techniques: Object.keys(techniques),
  Metrics: metricIds,
};

/** Ids in the first column of the table under a heading of the glossary. */
function idsUnder(heading: string): string[] {
  const section = textOf('GLOSSARY.md').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const cells = section.split('\n').map((line) => line.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, id]) => id as string));
}

describe('GLOSSARY.md', () => {
  it.each(Object.keys(known))('names every id of the code under %s, and no other', (heading) => {
    expect(idsUnder(heading).sort()).toEqual([...(known[heading] as readonly string[])].sort());
  });
});
