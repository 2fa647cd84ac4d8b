/**
 * A pretrained checkpoint end to end: open it, train LoRA adapters and heads on measurements, keep a layer's activations
 * in files, and fit a probe on them.
 * `node examples/pretrained-model.ts [checkpoint directory] [output directory]`; without arguments a tiny random one.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createStrongModel,
  finetuningConfig,
  fitLogisticRegression,
  openActivations,
  openCheckpoint,
  readHidden,
  recordActivations,
  trainingConfig,
  trainOnMeasurements,
} from '../src/index.ts';

const tiny = fileURLToPath(new URL('../test/fixtures/huggingface/gpt2', import.meta.url));
const [checkpoint = tiny, output = await mkdtemp(join(tmpdir(), 'pretrained-model-'))] = process.argv.slice(2);

// Two measurements that say whether the text mentions a diamond; your data has its own.
const examples = Array.from({ length: 64 }, (_, i) => {
  const present = i % 2 === 0;
  const text = `${present ? 'the diamond is here' : 'the vault is empty'}, said guard ${i}`;
  return { id: `example-${i}`, text, measurements: [present, present], trusted: true };
});

const { network, tokenizer, readWeights } = await openCheckpoint(checkpoint);
const base = createStrongModel({
  ...{ network, tokenizer, weights: await readWeights() },
  measurements: 2,
  training: trainingConfig.parse({
    trainable: 'lora',
    lora: { rank: 4 },
    epochs: 8,
    batchSize: 16,
    learningRate: 5e-3,
  }),
  finetuning: finetuningConfig.parse({}),
  runtime: { threads: 1, device: 'cpu' },
  seed: 0,
});
const losses: number[] = [];
const model = await trainOnMeasurements(base, examples, { seed: 0, onStep: ({ loss }) => losses.push(loss) });
console.log(`loss ${losses.at(0)?.toFixed(3)} → ${losses.at(-1)?.toFixed(3)} in ${losses.length} steps`);

const layer = model.layers;
const directory = join(output, 'activations');
await recordActivations(directory, readHidden(model, { inputs: examples, layers: [layer] }), {
  layers: new Map([[layer, model.width]]),
});
const activations = await openActivations(directory);
const rows = await activations.examples(
  layer,
  examples.map(({ id }) => id),
);
const targets = examples.map(({ measurements }) => measurements.every(Boolean));
const probe = await fitLogisticRegression(rows, targets, { l2: 1e-3 });
console.log(`probe on layer ${layer}: ${probe.weights.length} weights from ${rows.rows} × ${rows.columns} activations`);
await activations.close();
