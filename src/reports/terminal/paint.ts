type Style = 'bold' | 'dim' | 'green' | 'red';

/** Puts a text in a style; marks and words say the same without it. */
export type Paint = (style: Style, text: string) => string;

const codes: Record<Style, number> = { bold: 1, dim: 2, green: 32, red: 31 };

/** A painter in ANSI colours, or one that leaves texts as they are. */
export function createPaint(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}
