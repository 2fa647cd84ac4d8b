/** Reasons that are said once below a table, where a letter stands for each. */
export interface Notes {
  /** `a` for the first reason, the same for the same one. */
  letter(reason: string): string;
  /** All that were asked for, in their order. */
  all(): readonly { readonly letter: string; readonly reason: string }[];
}

export function createNotes(): Notes {
  const reasons: string[] = [];
  return {
    letter(reason) {
      if (!reasons.includes(reason)) reasons.push(reason);
      return letterOf(reasons.indexOf(reason));
    },
    all: () => reasons.map((reason, i) => ({ letter: letterOf(i), reason })),
  };
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
}
