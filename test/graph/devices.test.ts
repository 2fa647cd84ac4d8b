import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Device, deviceProblem, requireDevice } from '../../src/graph/devices.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { mul, reduceSum } from '../../src/graph/operators.ts';
import { createSession, type Feeds } from '../../src/graph/session.ts';
import { type Case, cases } from './cases.ts';
import { problems } from './present-devices.ts';

test('the devices of this machine are told', () => {
  for (const [device, problem] of problems) {
    process.stderr.write(
      `${device}: ${problem === undefined ? 'present' : `absent, its tests are skipped: ${problem}`}\n`,
    );
  }
  expect(problems.get('cpu')).toBeUndefined();
});

test('an absent device is refused by name, with the reason, and everything that needs it', async () => {
  const absent = 'abacus' as Device;
  const error = { code: 'device-absent', message: expect.stringMatching(/got "abacus": .* knows only cpu, /) };
  await expect(requireDevice(absent)).rejects.toMatchObject(error);
  const graph = new Graph();
  const y = mul(graph.input('x', [1]), 2);
  await expect(createSession(graph, { y }, { device: absent })).rejects.toMatchObject(error);
});

test('a device is tried once', () => {
  expect(deviceProblem('webgpu')).toBe(deviceProblem('webgpu'));
});

/** What stays on the host on WebGPU: the spreading of int64 indices, which WebGPU has no type for. */
const ofIndices = ['Expand', 'Reshape'];

const absent = problems.get('webgpu');
const onWebgpu = absent === undefined ? 'webgpu' : `webgpu: absent, ${absent}`;

test.skipIf(absent !== undefined)(`${onWebgpu}: operators and gradient rules run there, not on the host`, async () => {
  const strays: string[] = [];
  for (const tested of cases) {
    const allowed = tested.name.startsWith('gather') ? ofIndices : [];
    const found = (await hostOperators(tested, 'webgpu')).filter((operator) => !allowed.includes(operator));
    strays.push(...found.map((operator) => `${tested.name}: ${operator}`));
  }
  expect(strays).toEqual([]);
});

/** Operators that ran on the CPU while the case's value and gradients were computed on a device. */
async function hostOperators(tested: Case, device: Device): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'devices-test-'));
  const { graph, outputs } = differentiated(tested);
  const session = await createSession(graph, outputs, { device, profilePrefix: join(folder, 'profile') });
  await session.run(Object.fromEntries(graph.inputs.map((input) => [input.name, ones(input)])));
  await session.dispose();
  const [file] = readdirSync(folder) as [string];
  const events: { cat: string; args?: { provider?: string; op_name?: string } }[] = JSON.parse(
    readFileSync(join(folder, file), 'utf8'),
  );
  rmSync(folder, { recursive: true });
  const stray = events.filter(({ cat, args }) => cat === 'Node' && args?.provider === 'CPUExecutionProvider');
  return [...new Set(stray.map(({ args }) => args?.op_name ?? ''))].sort();
}

function differentiated(tested: Case): { graph: Graph; outputs: Record<string, Value> } {
  const graph = new Graph();
  const inputs = tested.inputs(1).map((spec, i) => {
    return graph.input(`x${i}`, spec.shape, 'dtype' in spec ? spec.dtype : 'float32');
  });
  const output = tested.build(...inputs);
  const floats = inputs.filter(({ dtype }) => dtype === 'float32');
  const flows = gradients(reduceSum(mul(output, graph.input('coefficients', output.shape))), floats);
  return { graph, outputs: { output, ...Object.fromEntries(flows.map((flow, i) => [`gradient${i}`, flow])) } };
}

function ones({ shape, dtype }: Value): Feeds[string] {
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  if (dtype === 'int64') return new BigInt64Array(length).fill(1n);
  if (dtype === 'int32') return new Int32Array(length).fill(1);
  return dtype === 'bool' ? new Uint8Array(length).fill(1) : new Float32Array(length).fill(1);
}
