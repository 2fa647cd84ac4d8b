import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/cli/config-file.ts';
import { resolveConfig } from '../../src/experiments/config.ts';
import { wantedData } from '../../src/experiments/pin-data.ts';
import { planRun } from '../../src/experiments/plan.ts';
import { nameOf } from '../../src/experiments/run-config.ts';
import { settings } from '../../src/settings/registry.ts';
import { checkNeeds } from '../../src/techniques/needs.ts';
import { techniques } from '../../src/techniques/registry.ts';

const directory = fileURLToPath(new URL('../../benchmarks', import.meta.url));
const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));

describe('benchmarks', () => {
  it.each(files)('%s resolves and plans, and says what it reproduces', async (file) => {
    const path = join(directory, file);
    expect(await readFile(path, 'utf8')).toMatch(/^# /);
    const config = resolveConfig(await readConfigFile(path), { threads: 2 });
    const data = Object.fromEntries(wantedData(config).map(({ name }) => [name, 'the digest of files brought along']));
    const { steps, points } = planRun({ ...config, data }, { versions: {} });
    expect(steps.length).toBeGreaterThan(5);
    expect(points.length).toBe(config.sweep === undefined ? 1 : Object.values(config.sweep)[0]?.length);
    const baseline = techniques['surface-baseline'];
    const feasible = config.settings.some(({ id }) => checkNeeds(baseline, settings[id].structures).length === 0);
    expect(config.techniques.map(nameOf).includes('surface-baseline')).toBe(feasible);
    expect(await readFile(join(directory, 'README.md'), 'utf8')).toContain(`\`${file}\``);
  });

  it('compare every technique in the matrix', async () => {
    const config = resolveConfig(await readConfigFile(join(directory, 'matrix.yaml')), { threads: 2 });
    expect([...new Set(config.techniques.map(({ id }) => id))].sort()).toEqual(Object.keys(techniques).sort());
  });
});
