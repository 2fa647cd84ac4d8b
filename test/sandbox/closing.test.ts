import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';

const endless = { source: 'new Array(2 ** 32 - 1).join("x")', checks: [''] };
const quick = { source: '', checks: [''] };

it('refuses a memory limit that QuickJS cannot start with', () => {
  expect(() => createSandbox({ threads: 1, limits: { memoryBytes: 2 ** 20 } })).toThrow('11534336 bytes or more');
});

describe('closing a sandbox', () => {
  it('rejects what runs and what waits, at once, and what comes later', async () => {
    const sandbox = createSandbox({ threads: 1 });
    await sandbox.runChecks(quick);
    const jobs = [endless, quick].map((job) => sandbox.runChecks(job));
    const ends = Promise.allSettled(jobs);
    await sandbox.close();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(jobs[1]).rejects.toMatchObject({ code: 'sandbox-closed' });
    await expect(sandbox.runChecks(quick)).rejects.toMatchObject({ code: 'sandbox-closed' });
    await sandbox.close();
  });

  it('is what the signal does, with its reason', async () => {
    const controller = new AbortController();
    const sandbox = createSandbox({ threads: 2, signal: controller.signal });
    await sandbox.runChecks(quick);
    const job = sandbox.runChecks(endless);
    controller.abort(new Error('enough'));
    await expect(job).rejects.toThrow('enough');
    await expect(sandbox.runChecks(quick)).rejects.toThrow('enough');
    const late = createSandbox({ threads: 1, signal: controller.signal });
    await expect(late.runChecks(quick)).rejects.toThrow('enough');
  });
});
