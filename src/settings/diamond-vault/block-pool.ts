import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '../../core/errors.ts';
import type { Block, BlockRequest } from './block.ts';

/** Worker threads that sample blocks. */
export interface BlockPool {
  readonly threads: number;
  /** Requests go to the threads in turn, and each thread answers in order. @throws EnvironmentError when a thread dies. */
  sample(request: BlockRequest): Promise<Block>;
  close(): Promise<void>;
}

export function createBlockPool(threads: number): BlockPool {
  const lanes = Array.from({ length: threads }, createLane);
  let next = 0;
  return {
    threads,
    sample: (request) => (lanes[next++ % threads] as Lane).sample(request),
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  };
}

type Lane = ReturnType<typeof createLane>;

function createLane() {
  const url = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const worker = new Worker(url);
  const death = once(worker, 'error').then(([error]) => fail(error));
  death.catch(() => {});
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (request: BlockRequest) => {
    const answer = once(worker, 'message').catch(fail);
    worker.postMessage(request);
    return (await Promise.race([answer, death]))[0] as Block;
  };
  return {
    // One request at a time per thread, so that an answer needs no name.
    sample(request: BlockRequest): Promise<Block> {
      const answer = last.then(() => ask(request));
      last = answer;
      // Whoever awaits `answer` sees its failure; a request nobody waits for any more must not end the process.
      answer.catch(() => {});
      return answer;
    },
    close: () => worker.terminate(),
  };
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new EnvironmentError('worker-died', `A thread that runs programs stopped: ${reason}. Run the command again.`, {
    cause: error,
  });
}
