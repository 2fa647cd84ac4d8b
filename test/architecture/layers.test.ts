import { describe, expect, it } from 'vitest';
import { filesMatching, importsOf, textOf } from './sources.ts';

/** Layers of the project, each with those that it may import (CONTRIBUTING.md). */
const allowed: Record<string, readonly string[]> = {
  core: [],
  stats: ['core'],
  hub: ['core'],
  graph: ['core'],
  solvers: ['core', 'stats', 'graph'],
  models: ['core', 'graph', 'hub'],
  activations: ['core', 'models'],
  sandbox: ['core'],
  'data-files': ['core'],
  settings: ['core', 'data-files', 'sandbox'],
  'own-data': ['core', 'models', 'activations', 'data-files'],
  techniques: ['core', 'stats', 'graph', 'solvers', 'models'],
  experiments: [
    'core',
    'stats',
    'graph',
    'solvers',
    'models',
    'activations',
    'data-files',
    'sandbox',
    'settings',
    'techniques',
  ],
  detection: ['core', 'stats', 'graph', 'solvers', 'models', 'activations', 'own-data', 'techniques', 'experiments'],
  reports: ['core', 'stats'],
  cli: [
    'core',
    'hub',
    'stats',
    'graph',
    'solvers',
    'models',
    'activations',
    'data-files',
    'sandbox',
    'settings',
    'own-data',
    'techniques',
    'experiments',
    'detection',
    'reports',
  ],
};

const sources = filesMatching('src/**/*.ts').filter((path) => path !== 'src/index.ts');
const layerOf = (path: string) => path.split('/')[1] as string;

describe('the layers', () => {
  it('hold every source file', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect([...new Set(sources.map(layerOf))].sort()).toEqual(Object.keys(allowed).sort());
  });

  it('import only downward', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => target.startsWith('src/') && layerOf(target) !== layerOf(path))
        .filter(({ target }) => !allowed[layerOf(path)]?.includes(layerOf(target)))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no cycle of files, not even of types', () => {
    expect(findCycle(new Map(sources.map((path) => [path, importsOf(path).map(({ target }) => target)])))).toEqual([]);
  });

  it('find a cycle where there is one', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'c', 'b']);
  });
});

describe('the sources', () => {
  it('read clock and environment and print only in the command line', () => {
    const pattern = /\bDate\.now\(|\bnew Date\(\)|performance\.now\(|process\.env\b|Math\.random\(|console\.\w+\(/;
    // The time limit of programs in the sandbox needs a clock; it decides only what counts as never ending.
    const exempt = (path: string) => layerOf(path) === 'cli' || path === 'src/sandbox/worker.ts';
    const wrong = sources.filter((path) => !exempt(path) && pattern.test(withoutComments(textOf(path))));
    expect(wrong).toEqual([]);
  });

  it('keep the ids of techniques and settings equal to their file names', async () => {
    const { techniques } = await import('../../src/techniques/registry.ts');
    const { settings } = await import('../../src/settings/registry.ts');
    for (const [id, technique] of Object.entries(techniques)) {
      expect(technique.id).toBe(id);
      expect(sources).toContain(`src/techniques/${id}.ts`);
    }
    for (const [id, setting] of Object.entries(settings)) {
      expect(setting.id).toBe(id);
      expect(
        sources.filter((path) => path === `src/settings/${id}/${id}.ts` || path === `src/settings/${id}.ts`),
      ).toHaveLength(1);
    }
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The first cycle found, its start repeated at the end; empty when there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
