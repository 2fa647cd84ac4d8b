import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type DirectedGraph, stronglyConnected } from '../../src/solvers/strongly-connected.ts';
import { readGolden } from '../stats/golden.ts';

interface Golden {
  readonly components: readonly {
    readonly name: string;
    readonly targets: readonly (readonly number[])[];
    readonly count: number;
    readonly component: readonly number[];
  }[];
}

test.each(readGolden<Golden>('label-cleaning').components)('scipy: $name', ({ targets, count, component }) => {
  const found = stronglyConnected(graphOf(targets));
  expect(new Set(found).size).toBe(count);
  expect(partition(found)).toEqual(partition(component));
});

describe('strongly connected components', () => {
  it.each([
    { name: 'nothing', targets: [], wanted: [] },
    { name: 'nodes without edges', targets: [[], []], wanted: [0, 1] },
    { name: 'an edge one way', targets: [[1], []], wanted: [0, 1] },
    { name: 'an edge each way', targets: [[1], [0]], wanted: [0, 0] },
    { name: 'an edge to itself, twice', targets: [[0, 0], []], wanted: [0, 1] },
    { name: 'two rings and a bridge', targets: [[1], [2], [0, 3], [4], [3]], wanted: [0, 0, 0, 3, 3] },
    { name: 'a ring within a ring', targets: [[1], [2], [1, 3], [0]], wanted: [0, 0, 0, 0] },
    { name: 'a cross edge to a finished component', targets: [[1, 2], [], [1, 0]], wanted: [0, 1, 0] },
  ])('of $name', ({ targets, wanted }) => {
    expect(partition(stronglyConnected(graphOf(targets)))).toEqual(wanted);
  });

  it('are those of mutual reachability', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((n) => fc.array(fc.array(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(graphs, (targets) => {
        expect(partition(stronglyConnected(graphOf(targets)))).toEqual(slowPartition(targets));
      }),
      { seed: 0, numRuns: 300 },
    );
  });

  it('have edges to lower numbers only', () => {
    const targets = [[1, 3], [2], [1, 4], [4], [5], [4], [0, 6]];
    const component = stronglyConnected(graphOf(targets));
    targets.forEach((own, node) => {
      for (const target of own) expect(component[target]).toBeLessThanOrEqual(component[node] as number);
    });
  });

  it('of a path and a ring of 200,000 nodes are found without recursion', () => {
    const n = 200_000;
    const starts = Int32Array.from({ length: n + 1 }, (_, node) => node);
    const ring = stronglyConnected({ starts, targets: Int32Array.from({ length: n }, (_, node) => (node + 1) % n) });
    expect(ring.every((component) => component === 0)).toBe(true);
    const ends = starts.slice();
    ends[n] = n - 1;
    const path = stronglyConnected({
      starts: ends,
      targets: Int32Array.from({ length: n - 1 }, (_, node) => node + 1),
    });
    expect(new Set(path).size).toBe(n);
  });
});

function graphOf(targets: readonly (readonly number[])[]): DirectedGraph {
  const starts = Int32Array.of(0, ...targets.map((_, node) => targets.slice(0, node + 1).flat().length));
  return { starts, targets: Int32Array.from(targets.flat()) };
}

/** The first node of each node's component. */
function partition(component: ArrayLike<number>): number[] {
  const all = Array.from(component);
  return all.map((own) => all.indexOf(own));
}

/** The same from the transitive closure (Warshall). */
function slowPartition(targets: readonly (readonly number[])[]): number[] {
  const reaches = targets.map((own, node) => targets.map((_, other) => other === node || own.includes(other)));
  for (const via of targets.keys()) {
    for (const from of reaches.filter((row) => row[via])) {
      for (const to of targets.keys()) from[to] ||= reaches[via]?.[to] ?? false;
    }
  }
  return targets.map((_, node) => reaches.findIndex((row, other) => row[node] && reaches[node]?.[other]));
}
