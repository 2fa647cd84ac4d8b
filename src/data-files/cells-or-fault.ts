/** More columns than these are taken for a mistake. */
export const maxColumns = 10_000;

/** What stands in one place of a file: cells, or why it has none that can be read. */
export type CellsOrFault = {
  /** Line in a text file, else row, from 1. */
  readonly line: number;
} & (
  | {
      readonly cells: unknown;
      /** Names in the header, where there is one; columns that are empty in this row are among them. */
      readonly columns?: readonly string[];
      /** The text of the row, where the file is text. */
      readonly raw?: string;
    }
  | { readonly fault: string; readonly raw: string }
);
