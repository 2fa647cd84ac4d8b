const called =
  /^(labels?|is_?correct|correct|correctness|actual(ly_.*)?|real(ly_.*)?|is_?real|y|y_true)$|^(actual|real|true)_(outcome|result|success|correctness)$|_label$|(^|_)(ground_?truth|gold|truth|gt)(_|$)/;

/** What is true where the outcome is not real. */
const contrary = /(^|_)(tamper(ed|ing)?|hack(ed|ing|s)?|cheat(ed|ing|s)?|faked?|untrusted)(_|$)/;

/** Whether a column seems to say the contrary of ground truth, which nothing should learn from either. */
export function mayBeContrary(name: string): boolean {
  return name.split('.').some((part) => contrary.test(snake(part)));
}

/** Whether a column may hold ground truth or its contrary, by its name or that of what it stands within. */
export function mayBeGroundTruth(name: string): boolean {
  return mayBeContrary(name) || name.split('.').some((part) => called.test(snake(part)));
}

/** A name as `snake_case`. */
export function snake(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
}
