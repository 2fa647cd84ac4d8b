/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** `(2, 3)`; a scalar is `()`. */
export function formatShape(shape: readonly number[]): string {
  return `(${shape.join(', ')})`;
}

/** The shape both broadcast to by ONNX's (NumPy's) rule, or undefined when they do not. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return undefined;
    shape.push(Math.max(m, n));
  }
  return shape;
}

/** Axes of `shape` along which a tensor of shape `from` is repeated when it broadcasts to `shape`. */
export function repeatedAxes(from: readonly number[], shape: readonly number[]): readonly number[] {
  const added = shape.length - from.length;
  return shape.flatMap((dimension, axis) => {
    const original = axis < added ? 1 : from[axis - added];
    return axis < added || (original === 1 && dimension !== 1) ? [axis] : [];
  });
}
