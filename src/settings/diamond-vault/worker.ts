import { parentPort } from 'node:worker_threads';
import { type BlockRequest, sampleBlock } from './block.ts';

// One request, one answer, in order; an exception reaches the pool as the worker's `error` event.
parentPort?.on('message', (request: BlockRequest) => parentPort?.postMessage(sampleBlock(request)));
