import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../src/core/estimates.ts';
import type { Dataset } from '../../src/core/settings.ts';
import { structures } from '../../src/core/structures.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { auditTechnique } from '../../src/experiments/audit.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { measurementTargets, trainingTargets } from '../../src/techniques/shared/targets.ts';
import { root, textOf } from '../architecture/sources.ts';
import { createFakeModel } from '../techniques/fake-model.ts';
import { plantedExamples, plantedMeasurementNames, plantedWidth } from '../techniques/planted-world.ts';
import { createSpyModel } from '../techniques/spy-model.ts';
import { contextOf, fitOn, judged } from '../techniques/support.ts';

const page = textOf('docs/adding-a-technique.md');
const code = /```ts\n(.*?)```/s.exec(page)?.[1] ?? '';
const [, id = '', name = ''] = /```ts registry\n {2}'(.*?)': (\w+),\n```/.exec(page) ?? [];
const train = plantedExamples(0, 800);
const test = judged(plantedExamples(2, 2500));

let directory: string;
let technique: Technique;

beforeAll(async () => {
  // Inside the repository, so that its packages are found, and where neither git nor other tests look.
  await mkdir(join(root, '.touchstone'), { recursive: true });
  directory = await mkdtemp(join(root, '.touchstone/page-'));
  const placed = code.replaceAll("from '../", "from '../../src/").replaceAll("from './", "from '../../src/techniques/");
  await writeFile(join(directory, `${id}.ts`), placed);
  const module = (await import(/* @vite-ignore */ join(directory, `${id}.ts`))) as Record<string, Technique>;
  technique = module[name] as Technique;
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('docs/adding-a-technique.md', () => {
  it('builds one file of about 50 lines, under the name that it registers', () => {
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThan(75);
    expect(technique.id).toBe(id);
    expect(page).toContain(`src/techniques/${id}.ts`);
    expect(page).toContain(`| \`${id}\` |`);
    expect(Object.keys(techniques)).not.toContain(id);
    for (const need of technique.needs.structures) expect(Object.keys(structures)).toContain(need);
  });

  it('type-checks under the rules of this repository', async () => {
    const config = { extends: join(root, 'tsconfig.json'), include: ['*.ts'] };
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config));
    const run = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory]);
    expect(await run.catch(({ stdout }: { stdout: string }) => stdout)).toMatchObject({ stdout: '' });
  });

  it('scores by the difference of means', async () => {
    const evident = train.filter(({ trusted, measurements }) => trusted || new Set(measurements).size > 1);
    const meanOf = (trusted: boolean) => {
      const texts = evident.filter((example) => example.trusted === trusted).map(({ text }) => text.split(' '));
      return Array.from({ length: plantedWidth }, (_, j) =>
        texts.reduce((sum, x) => sum + Number(x[j]) / texts.length, 0),
      );
    };
    const fitted = await fitOn(technique, train, { context: contextOf(createSpyModel({ width: plantedWidth })) });
    const [clean, tampered] = [meanOf(true), meanOf(false)];
    const units = clean.map((_, j) => ({ id: `unit-${j}`, text: clean.map((__, k) => Number(j === k)).join(' ') }));
    (await fitted.score(units)).forEach((score, j) => {
      expect(score).toBeCloseTo((clean[j] as number) - (tampered[j] as number), 5);
    });
  });

  it('beats chance on planted data, and holds the firewall', async () => {
    const fitted = await fitOn(technique, train, { context: contextOf(...(await modelsOn(train))) });
    const scores = await fitted.score(inputsOf(test));
    const real = test.map(({ groundTruth }) => groundTruth);
    expect((auroc(scores, real) as DefinedEstimate).lower).toBeGreaterThan(0.5);
    const audit = await auditTechnique({
      technique,
      dataset: datasetOf(),
      prepare: async ({ splits }) => {
        const [predictor, pretrained] = await modelsOn(splits.train);
        return { predictor, pretrained, createModel: async () => pretrained };
      },
      seed: 0,
      signal: new AbortController().signal,
    });
    expect(audit.checks.filter(({ passed }) => !passed)).toEqual([]);
  });
});

async function modelsOn(examples: Dataset['splits']['train']) {
  const pretrained = createFakeModel(plantedWidth, plantedMeasurementNames.length, 2, 0);
  const data = trainingTargets(pretrained.heads, examples, measurementTargets);
  return [await pretrained.finetune(data, { seed: 0, epochs: 5, learningRate: 3e-4 }), pretrained] as const;
}

function datasetOf(): Dataset {
  return {
    setting: 'planted',
    seed: 0,
    measurementNames: plantedMeasurementNames,
    splits: { train, validation: test.slice(0, 200) },
    notes: { counts: {}, dropped: {}, relabelled: {}, heldOut: {} },
  };
}
