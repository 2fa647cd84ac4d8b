/** A directed graph on the nodes 0 … n − 1. */
export interface DirectedGraph {
  /** (n + 1) Where each node's edges begin in `targets`, from 0 on, and at the end their number. */
  readonly starts: Int32Array;
  /** (edges) Nodes that the edges lead to, one node's edges after another's. */
  readonly targets: Int32Array;
}

/**
 * Strongly connected components, the largest sets of nodes each of which can be reached from each other, by Tarjan's
 * algorithm (1972) without recursion, in time and memory linear in nodes and edges.
 * @returns (n) Each node's component, from 0 on; an edge between two of them leads to the one of the lower number.
 */
export function stronglyConnected({ starts, targets }: DirectedGraph): Int32Array {
  const nodes = starts.length - 1;
  const component = new Int32Array(nodes).fill(-1);
  // Order in which nodes were come upon, from 1 on, and the earliest one known to be reached from each.
  const visited = new Int32Array(nodes);
  const earliest = new Int32Array(nodes);
  const nextEdge = starts.slice(0, nodes);
  const path: number[] = [];
  const open: number[] = [];
  let [visits, components] = [0, 0];
  const enter = (node: number) => {
    visited[node] = earliest[node] = ++visits;
    path.push(node);
    open.push(node);
  };
  const reach = (node: number, order: number) => {
    if (order < (earliest[node] as number)) earliest[node] = order;
  };
  const leave = (node: number) => {
    path.pop();
    if (path.length > 0) reach(path.at(-1) as number, earliest[node] as number);
    if (earliest[node] !== visited[node]) return;
    let member: number;
    do {
      member = open.pop() as number;
      component[member] = components;
    } while (member !== node);
    components++;
  };
  for (let root = 0; root < nodes; root++) {
    if (visited[root] === 0) enter(root);
    while (path.length > 0) {
      const node = path.at(-1) as number;
      if (nextEdge[node] === starts[node + 1]) {
        leave(node);
        continue;
      }
      const target = targets[(nextEdge[node] as number)++] as number;
      if (visited[target] === 0) enter(target);
      else if (component[target] === -1) reach(node, visited[target] as number);
    }
  }
  return component;
}
