import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../../src/models/safetensors.ts';
import { fixtures } from './support.ts';

/** A copy of a fixture to damage. */
export interface CopiedFixture {
  readonly directory: string;
  write(file: string, content: string | Uint8Array): void;
  /** Changes a file of JSON in place. */
  edit(file: string, change: (json: Record<string, unknown>) => void): void;
  /** Changes the tensors of model.safetensors in place. */
  editTensors(change: (tensors: Map<string, NamedTensor>) => void): void;
  remove(file: string): void;
  dispose(): void;
}

export function copyFixture(name: string): CopiedFixture {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-checkpoint-'));
  for (const file of readdirSync(`${fixtures}${name}`)) {
    if (!file.startsWith('golden')) cpSync(`${fixtures}${name}/${file}`, join(directory, file));
  }
  const read = (file: string) => readFileSync(join(directory, file));
  const write = (file: string, content: string | Uint8Array) => writeFileSync(join(directory, file), content);
  return {
    directory,
    write,
    edit(file, change) {
      const json = JSON.parse(read(file).toString('utf8'));
      change(json);
      write(file, JSON.stringify(json));
    },
    editTensors(change) {
      const { tensors, metadata } = decodeSafetensors(read('model.safetensors'), 'model.safetensors');
      const changed = new Map(tensors);
      change(changed);
      write('model.safetensors', encodeSafetensors({ tensors: changed, metadata }));
    },
    remove: (file) => rmSync(join(directory, file)),
    dispose: () => rmSync(directory, { recursive: true }),
  };
}
