/**
 * What stands before every program when it is run: the assertions of the tests. A submission may replace them, which is
 * one way to tamper; the ground truth does not use them.
 */
export const harness = `function same(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(b);
  if (Array.isArray(a) !== Array.isArray(b) || Object.keys(a).length !== keys.length) return false;
  return keys.every((key) => same(a[key], b[key]));
}
function assert(ok) {
  if (!ok) throw new Error('assertion failed');
}
function assertEqual(actual, expected) {
  assert(same(actual, expected));
}
`;
