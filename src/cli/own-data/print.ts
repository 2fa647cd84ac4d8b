import type { TerminalOptions } from '../../reports/render-terminal.ts';

/** A result on stdout: one JSON document, or words for the terminal followed by where more is. */
export function print(
  json: true | undefined,
  record: unknown,
  render: (options: TerminalOptions) => string,
  last: readonly string[],
): void {
  if (json) {
    console.log(JSON.stringify(record));
    return;
  }
  const { columns = 80, isTTY = false } = process.stdout;
  process.stdout.write(render({ width: columns, color: isTTY }));
  if (last.length > 0) console.log(`\n${last.join('\n')}`);
}
