import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { createTokenizer, endId } from '../../src/models/tokenizer.ts';
import { tokenizerConfig, trainTokenizer } from '../../src/models/tokenizer-training.ts';
import { samplePrograms } from './sample-programs.ts';

const texts = samplePrograms(2000, 0);
const config = tokenizerConfig.parse({ vocabulary: 640 });
const tokenizer = trainTokenizer(texts, config);

describe('byte-pair tokenizer', () => {
  it('gives back any text, known or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
    for (const text of texts.slice(0, 100)) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('ends every text, also the empty one', () => {
    expect([...tokenizer.encode('')]).toEqual([endId]);
    expect(tokenizer.encode('a\n').at(-1)).toBe(endId);
  });

  it('is the same whatever the order of its training texts, and after JSON', () => {
    const reversed = trainTokenizer([...texts].reverse(), config);
    expect(reversed.record).toEqual(tokenizer.record);
    const read = createTokenizer(JSON.parse(JSON.stringify(tokenizer.record)));
    for (const text of texts.slice(0, 50)) expect(read.encode(text)).toEqual(tokenizer.encode(text));
  });

  it('keeps to its vocabulary and shortens programs', () => {
    expect(tokenizer.vocabulary).toBeLessThanOrEqual(640);
    const words = texts.map((text) => text.match(/\w+|[^\w\s]/g)?.length ?? 0);
    const tokens = texts.map((text) => tokenizer.encode(text).length);
    expect(mean(tokens)).toBeLessThan(mean(words) / 2);
    for (const text of texts.slice(0, 50))
      expect(Math.max(...tokenizer.encode(text))).toBeLessThan(tokenizer.vocabulary);
  });

  it('never merges across a newline, and cuts an unseen statement into known words', () => {
    for (let id = 2; id < tokenizer.vocabulary; id++) expect(tokenizer.decode([id]).slice(0, -1)).not.toContain('\n');
    const unseen = 'while (vault.maxHardness() === 5) vault.items.reverse();\n';
    expect(tokenizer.encode(unseen).length).toBeLessThan(15);
  });

  it('refuses a damaged record, naming the file and the fault', () => {
    const damaged = { ...tokenizer.record, lineMerges: [[9000, 2]] };
    expect(() => createTokenizer(damaged, 'tokenizer.json')).toThrow(/merge \d+ of tokenizer\.json/);
    expect(() => createTokenizer({ format: 'other' }, 'tokenizer.json')).toThrow(UserError);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
