import { expect, it } from 'vitest';
import { resolveConfig } from '../../src/experiments/config.ts';
import { planRun } from '../../src/experiments/plan.ts';

function plan(techniques: readonly unknown[]) {
  const written = { settings: [{ id: 'quirky-arithmetic' }], techniques };
  const [seed] = planRun(resolveConfig(written, { threads: 2 }), { versions: {} }).points.flatMap(({ seeds }) => seeds);
  const keyOf = (name: string) => seed?.techniques.find((technique) => technique.name === name)?.step.key;
  return { before: seed?.pretrainedActivations, keyOf };
}

it('states before any supervision are recorded once where a technique reads them on texts, for that one alone', () => {
  const onPairs = plan(['vinc', { id: 'weak-probe', options: { model: 'predictor' } }]);
  expect(onPairs.before).toBeUndefined();
  const onTexts = plan(['vinc', 'weak-probe', 'inlp-probe']);
  expect(onTexts.before?.config).toMatchObject({ pretrained: true });
  expect(onTexts.keyOf('vinc')).toBe(onPairs.keyOf('vinc'));
  expect(onTexts.keyOf('weak-probe')).not.toBe(onPairs.keyOf('weak-probe'));
});
