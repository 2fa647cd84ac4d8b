import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import { readExamples, readScores, writeExamples, writeScores } from '../../src/experiments/tables.ts';
import { inTemporaryDirectory } from './tiny.ts';

const plain: Example = { id: 'a', text: 'one', measurements: [true, null], trusted: false, groundTruth: false };

it('keeps all that an example has, and adds nothing to one that has less', () =>
  inTemporaryDirectory(async (directory) => {
    const full: Example = {
      ...plain,
      id: 'b',
      group: 'family',
      kind: 'hard-coded',
      tamperEvidence: { overall: true, individual: [false, null] },
    };
    const examples = [plain, full];
    const path = join(directory, 'examples.parquet');
    await writeExamples(path, examples, ['first', 'second']);
    expect(await readExamples(path, ['first', 'second'])).toEqual(examples);
    await writeExamples(path, [plain], ['first', 'second']);
    expect(await readExamples(path, ['first', 'second'])).toEqual([plain]);
  }));

it('keeps the point of a score where there is one', () =>
  inTemporaryDirectory(async (directory) => {
    const row = { exampleId: 'a', setting: 's', model: 'm', technique: 't', seed: 3, split: 'validation', score: 0.1 };
    const path = join(directory, 'scores.parquet');
    await writeScores(path, [row]);
    expect(await readScores(path)).toEqual([row]);
    await writeScores(path, [{ ...row, point: 'layer=1' }]);
    expect(await readScores(path)).toEqual([{ ...row, point: 'layer=1' }]);
  }));
