/**
 * Throughput and memory of the built-in text encoder: `node bench/encoder.ts [texts=2000] [threads=2]`. Encodes texts of
 * 30 to 90 tokens, all different, 256 at a time, all layers; prints one JSON object.
 */
import { createRng } from '../src/core/random.ts';
import { finetuningConfig, trainingConfig } from '../src/models/config.ts';
import { openPretrained } from '../src/models/pretrained.ts';
import { createStrongModel } from '../src/models/strong-model.ts';

const [count = 2000, threads = 2] = process.argv.slice(2, 4).map(Number);
const textsAtOnce = 256;
const { network, tokenizer, readWeights } = await openPretrained('universal-sentence-encoder-lite');
const model = createStrongModel({
  ...{ network, tokenizer, weights: await readWeights(), measurements: 1, seed: 0 },
  ...{ training: trainingConfig.parse({}), finetuning: finetuningConfig.parse({}) },
  runtime: { threads, device: 'cpu' },
});

const rng = createRng(0, 'bench-encoder');
const words = 'the agent ran all tests and changed two files so that they pass again but one was deleted'.split(' ');
const texts = Array.from({ length: count }, (_, i) => {
  const length = rng.integer(28, 88);
  const text = Array.from({ length }, () => words[rng.integer(0, words.length - 1)]).join(' ');
  return { id: String(i), text: `${text} ${i}` };
});
const tokens = texts.map(({ text }) => tokenizer.encode(text).length);
const tokenizing = seconds(() => texts.forEach(({ text }) => void tokenizer.encode(text)));

// Compiles a graph for each length, once per process.
await encode(texts.slice(0, 2 * textsAtOnce));
const start = performance.now();
await encode(texts.map(({ id, text }) => ({ id, text: `${text}.` })));
const taken = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    ...{ texts: count, threads, meanTokens: Math.round(tokens.reduce((sum, n) => sum + n, 0) / count) },
    textsPerMinute: Math.round((60 * count) / taken),
    tokenizedPerMinute: Math.round((60 * count) / tokenizing),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);

async function encode(some: readonly { id: string; text: string }[]): Promise<void> {
  for (let at = 0; at < some.length; at += textsAtOnce) {
    const batch = some.slice(at, at + textsAtOnce);
    await Promise.all([1, 2].map((layer) => model.activations(batch, layer)));
  }
}

function seconds(run: () => void): number {
  const begin = performance.now();
  run();
  return (performance.now() - begin) / 1000;
}
