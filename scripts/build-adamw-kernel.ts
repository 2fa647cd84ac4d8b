/** Compiles `src/graph/adamw-kernel.wat` into `src/graph/adamw-kernel.ts`: `node scripts/build-adamw-kernel.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compileKernel } from './compile-kernel.ts';

const source = new URL('../src/graph/adamw-kernel.wat', import.meta.url);
const base64 = await compileKernel(readFileSync(source, 'utf8'));
writeFileSync(
  new URL('../src/graph/adamw-kernel.ts', import.meta.url),
  `/** adamw-kernel.wat as a WebAssembly module, in base64; made by scripts/build-adamw-kernel.ts. */\nexport const adamwKernel =\n  '${base64}';\n`,
);
