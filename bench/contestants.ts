import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that answers JSON lines with JSON lines. */
export interface Contestant {
  ask(command: object): Promise<unknown>;
  stop(): void;
}

/** The engine of this project. */
export function ours(): Contestant {
  return contestant(process.execPath, [pathOf('engine-worker.ts')]);
}

/** PyTorch under the given Python. */
export function peer(python: string): Contestant {
  return contestant(python, [pathOf('peers/pytorch.py')]);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function contestant(command: string, args: readonly string[]): Contestant {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended before it answered ${JSON.stringify(question).slice(0, 200)}`);
      return JSON.parse(value);
    },
    stop: () => child.stdin.end(),
  };
}
