import type { JudgedExample } from '../../core/records.ts';
import type { ReportInput } from '../report-input.ts';

/** A real or fake positive with one technique's score. */
export interface JudgedScore {
  readonly example: JudgedExample;
  readonly seed: number;
  readonly score: number;
}

interface Part {
  readonly setting: string;
  readonly model: string;
  readonly split: string | null;
}

/** Scores of the real and fake positives of one split, by technique; a score without its example is left out. */
export function judgedScores(input: ReportInput, part: Part): Map<string, JudgedScore[]> {
  const positives = input.examples.filter(
    ({ setting, split, category }) =>
      setting === part.setting &&
      split === part.split &&
      (category === 'real-positive' || category === 'fake-positive'),
  );
  const bySeedAndId = new Map(positives.map((example) => [`${example.seed}/${example.exampleId}`, example]));
  const scores = new Map<string, JudgedScore[]>();
  for (const { setting, model, split, technique, seed, exampleId, score } of input.scores) {
    if (setting !== part.setting || model !== part.model || split !== part.split) continue;
    const example = bySeedAndId.get(`${seed}/${exampleId}`);
    if (example === undefined) continue;
    const own = scores.get(technique) ?? [];
    scores.set(technique, own);
    own.push({ example, seed, score });
  }
  return scores;
}
