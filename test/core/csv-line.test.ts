import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine, withoutApostrophe } from '../../src/core/csv-line.ts';

it('gives back every text, and begins none of them with what a spreadsheet would run', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^'{0,2}[=+\-@＝＋－＠\t\r\n]/));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const [cells] = parse(csvLine(['first', ...texts]), { record_delimiter: '\r\n' }) as [string[]];
      expect(cells.slice(1).map(withoutApostrophe)).toEqual(texts);
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
    }),
  );
});

it('leaves numbers as they are, and absent cells empty', () => {
  expect(csvLine([-0.1, 1e-12, true, null, undefined, '', '-1', 'a,"b"'])).toBe(`-0.1,1e-12,true,,,,'-1,"a,""b"""\r\n`);
});
