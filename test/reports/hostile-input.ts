import type { ReportInput } from '../../src/reports/report-input.ts';
import { hostileText, plantedTechniques, reportFixture } from './fixture.ts';

/** An input in which every name, reason and text tries to break out of the page. */
export function hostileInput(): ReportInput {
  const evil = (name: string) =>
    `"><img src=x onerror=alert('${name}')></script><script>alert(1)</script>${name}\u202e\u0000`;
  const techniques = plantedTechniques.map((technique) =>
    technique.id === 'evidence-finetuning' ? { ...technique, id: evil('technique') } : technique,
  );
  const input = reportFixture({ techniques, setting: evil('setting'), model: evil('model'), splits: [evil('split')] });
  const examples = input.examples.map((example) => ({ ...example, text: hostileText }));
  const record = {
    ...input.record,
    runId: evil('run'),
    config: { [evil('key')]: evil('value') },
    versions: { [evil('package')]: evil('version') },
    details: { [evil('details')]: { [evil('name')]: evil('chosen') } },
    steps: input.record.steps.map((step) => ({ ...step, label: evil('step') })),
    datasets: input.record.datasets.map((dataset) => ({
      ...dataset,
      dropped: { [evil('reason')]: { 'fake-positive': 3 } },
      heldOut: { [evil('split')]: evil('groups') },
    })),
    results: input.record.results.map((result) =>
      result.metric === 'pgr' ? { ...result, estimate: { undefined: evil('undefined') } } : result,
    ),
  };
  return { record, scores: input.scores, examples };
}
