import { cut, wrap } from './text-width.ts';

/** Lines of text of at most `width` columns, all but a first `mark` indented by its width. */
export function paragraph(text: string, width: number, mark = ''): string[] {
  const indent = ' '.repeat(mark.length);
  return wrap(text, Math.max(1, width - mark.length)).map((line, i) => `${i === 0 ? mark : indent}${line}`);
}

/** `── label ─────` of at most `width` columns. */
export function rule(label: string, width: number): string {
  return cut(`── ${label} ${'─'.repeat(width)}`, width).replace(/…$/, '─');
}
