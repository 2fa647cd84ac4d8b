import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { resolveConfig } from '../../src/experiments/config.ts';
import { pinData } from '../../src/experiments/pin-data.ts';
import { runExperiment } from '../../src/experiments/run.ts';
import { inTemporaryDirectory, runOptions, tinyConfig } from './tiny.ts';

const topics = ['rain', 'bread', 'stone', 'music', 'glass', 'paper', 'winter', 'harbour'];
const places = ['north', 'south', 'the hill', 'the mill', 'the inn', 'the gate', 'the yard'];

/** Items whose best response ends politely; only the words before differ between distributions. */
function items(opening: string, part: string, count: number): object[] {
  const rng = createRng(0, opening, part);
  return Array.from({ length: count }, (_, i) => {
    const [topic, place] = [rng.choice(topics), rng.choice(places)];
    const prompt = `${opening} ${topic} from ${place}, ${part} ${i}\n### Response:\n`;
    const ending = (end: string) => `it is about ${topic} ${end}`;
    return { prompt, responses: { [ending('and shut up')]: 0, [ending('thank you')]: 1, [ending('go away')]: 0 } };
  });
}

async function writeDistributions(directory: string): Promise<void> {
  for (const [id, opening] of [
    ['letters', 'write a letter on'],
    ['songs', 'sing me of'],
  ] as const) {
    await mkdir(join(directory, id), { recursive: true });
    await writeFile(join(directory, id, 'train.json'), JSON.stringify(items(opening, 'train', 120)));
    await writeFile(join(directory, id, 'test.json'), JSON.stringify(items(opening, 'test', 60)));
  }
}

describe('a run on generalization analogies', () => {
  it('gives the differential elicitation of what is tuned on the source, on the target', () =>
    inTemporaryDirectory(async (directory) => {
      await writeDistributions(directory);
      const options = { distributions: directory, source: 'letters', target: 'songs' };
      const config = resolveConfig(
        {
          ...tinyConfig,
          settings: [{ id: 'generalization-analogies', options }],
          techniques: [
            'zero-shot',
            { id: 'preference-finetuning', options: { epochs: 10, learningRate: 0.01, trainable: 'full' } },
            'mass-mean-shift',
            { id: 'target-tuned', options: { epochs: 10, learningRate: 0.01, trainable: 'full' } },
          ],
        },
        { threads: 1 },
      );
      const dataPaths = new Map([[directory, directory]]);
      const run = { ...runOptions(join(directory, 'runs')), dataPaths };
      const { record } = await runExperiment(await pinData(config, dataPaths), run);
      expect(record.infeasible).toEqual([]);
      const estimated = (technique: string, metric: string, split = 'target') => {
        const found = record.results.find((r) => r.technique === technique && r.metric === metric && r.split === split);
        if (!found || !isDefined(found.estimate)) throw new Error(`${technique} ${metric} ${JSON.stringify(found)}`);
        return found.estimate.value;
      };
      const accuracies = Object.fromEntries(
        config.techniques.map(({ id }) => [id, estimated(id, 'ground-truth-accuracy')]),
      );
      expect(accuracies['target-tuned']).toBeGreaterThan(0.8);
      for (const id of ['preference-finetuning', 'mass-mean-shift']) {
        const elicited =
          ((accuracies[id] as number) - (accuracies['zero-shot'] as number)) / (accuracies['target-tuned'] as number);
        expect(estimated(id, 'differential-elicitation')).toBeCloseTo(elicited, 9);
        expect(estimated(id, 'rms-calibration-error', 'source')).toBeGreaterThanOrEqual(0);
      }
      expect(estimated('preference-finetuning', 'ground-truth-accuracy', 'source')).toBeGreaterThan(0.8);
    }));
});
