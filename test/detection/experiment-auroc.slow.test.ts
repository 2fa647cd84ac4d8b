import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { categoryOf, type Input } from '../../src/core/examples.ts';
import { chooseTechniques } from '../../src/detection/detect/choose-techniques.ts';
import { detect } from '../../src/detection/detect/detect.ts';
import { type DetectionData, detectionView } from '../../src/detection/detect/detection-view.ts';
import { fitDetector, scoreInputs } from '../../src/detection/detect/fit-detector.ts';
import { loadDetector } from '../../src/detection/detect/load-detector.ts';
import { openModelSource } from '../../src/detection/detect/open-model-source.ts';
import { saveDetector } from '../../src/detection/detect/save-detector.ts';
import { scoreRows } from '../../src/detection/detect/score-rows.ts';
import { type DetectorConfig, resolveDetectorConfig } from '../../src/detection/detection-config.ts';
import { resolveConfig } from '../../src/experiments/config.ts';
import { presets } from '../../src/experiments/presets.ts';
import { runExperiment } from '../../src/experiments/run.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { runOptions } from '../experiments/tiny.ts';
import { exportedWorld, withoutTruth } from './exported-world.ts';

const directory = mkdtempSync(join(tmpdir(), 'touchstone-as-experiment-'));
afterAll(() => rmSync(directory, { recursive: true }));

const ids = ['evidence-probe', 'mahalanobis', 'untrusted-finetuning'];

/**
 * What it may cost that the saved detector learns from 4/5 of what the experiment learns from, and in other batches; a small
 * model's luck is as large, either way, so that more is no fault. A detector of all examples has to reach the same number.
 */
const mostLost = 0.06;

it.each([
  ['diamond-vault', presets.quick.settings[0].options, {}, presets.quick.training],
  ['function-correctness', { trainExamples: 5_000, validationExamples: 900 }, { maxTokens: 320 }, { epochs: 6 }],
] as const)('a detector of exported %s reaches the AUROC of the experiment', async (id, options, model, training) => {
  const { splits, measurementNames } = await exportedWorld(id, options);
  const written = { model, training, techniques: ids };
  const config = resolveDetectorConfig({ ...written, folds: 5 });
  const data = { measurementNames, examples: withoutTruth(splits.train) };
  const { detector, record } = await detect({ data, config });
  expect(record.judged).toBeUndefined();
  await saveDetector(detector, join(directory, id));
  const loaded = await loadDetector(join(directory, id));

  const judged = (splits.validation ?? []).filter((example) => /^(real|fake)-positive$/.test(categoryOf(example)));
  const scores = ids.map(() => [] as number[]);
  for await (const row of scoreRows(loaded, withoutTruth(judged))) {
    [row.score, ...Object.values(row.further)].forEach((score, k) => {
      scores[k]?.push(score);
    });
  }
  const whole = await scoresOfWhole(data, config, judged);
  const truths = judged.map(({ groundTruth }) => groundTruth);

  const run = resolveConfig(
    { ...written, preset: 'quick', settings: [{ id, options }], controls: false },
    { threads: 2 },
  );
  const { record: experiment } = await runExperiment(run, runOptions(join(directory, 'runs')));
  for (const [k, technique] of ids.entries()) {
    const [own, ofWhole] = [auroc(scores[k] as number[], truths), auroc(whole[k] as Float64Array, truths)];
    const theirs = experiment.results.find(
      (result) =>
        result.technique === technique && result.metric === 'real-vs-fake-auroc' && result.split === 'validation',
    )?.estimate;
    if (!isDefined(own) || !isDefined(ofWhole) || !theirs || !isDefined(theirs))
      throw new Error(`no AUROC of ${technique}`);
    expect(ofWhole.value, technique).toBeCloseTo(theirs.value, 6);
    expect(own.value, `${technique}, as in the experiment`).toBeGreaterThan(theirs.value - mostLost);
  }
});

/** Scores by a detector that learns from all examples, as the experiment does: what it calibrates on is left out here. */
async function scoresOfWhole(
  data: DetectionData,
  config: DetectorConfig,
  judged: readonly Input[],
): Promise<readonly Float64Array[]> {
  const view = detectionView(data);
  const watch = { progress: () => {}, signal: new AbortController().signal };
  const source = await openModelSource({ config, measurements: view.measurementNames.length, ...watch });
  const structure = { measurements: view.measurementNames.length, counts: view.summary.counts, words: true };
  const { techniques } = chooseTechniques(config.techniques, structure);
  const rows = { train: [...view.examples.keys()], held: [0, 1] };
  const { threads, seed } = config;
  const options = { source, view, techniques, ...rows, weighted: false, threads, seed, ...watch };
  const { detector } = await fitDetector(options);
  return (await scoreInputs(detector, judged)).scores;
}
