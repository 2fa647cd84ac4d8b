import type { DetectionRecord, DetectionRow } from '../../src/core/detection.ts';
import type { DataSummary, InspectionRecord } from '../../src/core/inspection.ts';
import type { OwnExample } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import type { DetectionInput } from '../../src/reports/detection/detection-view.ts';

function estimate(value: number, spread = 0.05) {
  const [lower, upper] = [Math.max(0, value - spread), Math.min(1, value + spread)];
  return { value, lower, upper, level: 0.95, n: 800, method: 'bootstrap-examples' };
}

const data: DataSummary = {
  name: 'outcomes.csv',
  fingerprint: 'a1b2c3d4'.repeat(8),
  rows: 2003,
  rejected: 3,
  measurementNames: ['shown-tests', 'linter', 'reviewer-model'],
  counts: {
    'trusted-positive': 210,
    'trusted-inconsistent': 12,
    'trusted-negative': 178,
    'untrusted-positive': 800,
    'untrusted-inconsistent': 340,
    'untrusted-negative': 459,
    unmeasured: 1,
  },
};

export const inspection: InspectionRecord = {
  kind: 'inspection',
  schemaVersion: 1,
  data,
  features: 'universal-sentence-encoder-lite, layers 1 and 2',
  findings: [
    {
      id: 'measurements-predictable',
      question: 'Can the measurements be predicted from the texts?',
      answer: 'yes',
      text: 'A linear model on the features predicts each measurement of examples that it has not seen. Where it cannot, no technique that reads them has anything to go on.',
      estimates: [
        { label: 'AUROC of shown-tests', estimate: estimate(0.81) },
        { label: 'AUROC of linter', estimate: estimate(0.66) },
        { label: 'AUROC of reviewer-model', estimate: { undefined: 'reviewer-model is positive for every example' } },
      ],
    },
    {
      id: 'trusted-shift',
      question: 'Do trusted and untrusted examples differ in more than tampering?',
      answer: 'cannot-tell',
      text: 'A classifier tells trusted from untrusted negatives with the AUROC below. Topic alone may explain it.',
      estimates: [{ label: 'AUROC, two-sample test', estimate: estimate(0.57) }],
    },
    {
      id: 'power',
      question: 'Are there enough examples?',
      answer: 'no',
      text: 'With 210 trusted positives a share of fakes below 4 % would go unnoticed.',
      estimates: [],
    },
  ],
  fakeShare: {
    combined: { ...estimate(0.21, 0.11), method: 'union-of-methods' },
    methods: [
      {
        method: 'mixture-proportion',
        title: 'Mixture proportion of scores',
        assumption: 'Some region of the scores holds real positives only.',
        refuted: 'no',
        estimate: estimate(0.18, 0.07),
      },
      {
        method: 'independence',
        title: 'Dependence of measurements',
        assumption: 'Measurements of real positives are independent given the outcome.',
        refuted: 'yes',
        estimate: { undefined: 'the measurements depend on each other even where they are trusted' },
      },
    ],
  },
  verdict: {
    answer: 'yes',
    summary:
      'Tampering can probably be detected in this data: its measurements are predictable and some examples are inconsistent.',
    reasons: [
      '340 untrusted examples are inconsistent, which is where failed tampering shows.',
      'Trusted positives are enough for an alarm at 1 % or above.',
    ],
  },
  advice: [
    'Have 200 more positives checked by a person, and mark them as trusted.',
    'Give each example its task as group.',
  ],
  notes: ['Rows hold 2 to 3 measurements; those that a row lacks are taken as absent.'],
  seed: 0,
};

const example = (id: string, i: number, trusted: boolean): OwnExample => ({
  id,
  text: `def task_${i}(values):\n    # the ${i}th attempt\n    return sorted(values)[${i % 7}]\n`,
  measurements: [true, true, i % 9 === 0 ? null : true],
  trusted,
});

/** A detection of 800 untrusted positives of which 160 are fake, and 210 trusted ones. */
export function detectionFixture(overrides: Partial<DetectionRecord> = {}): DetectionInput & { rows: DetectionRow[] } {
  const rng = createRng(7);
  const examples = [
    ...Array.from({ length: 210 }, (_, i) => example(`trusted-${i}`, i, true)),
    ...Array.from({ length: 800 }, (_, i) => example(`run-${i}`, i, false)),
  ];
  const draw = () => rng.normal() / 2;
  const scored = examples.map(({ id, trusted }, i) => {
    const score = draw() + (!trusted && i % 5 === 0 ? -1.1 : 0);
    return { id, trusted, score };
  });
  const calibration = scored.filter(({ trusted }) => trusted).map(({ score }) => score);
  const pValueOf = (score: number) => (1 + calibration.filter((own) => own <= score).length) / 211;
  const order = scored
    .filter(({ trusted }) => !trusted)
    .toSorted((a, b) => a.score - b.score)
    .map(({ id }) => id);
  const rank = new Map(order.map((id, i) => [id, i + 1]));
  const rows = scored.map(({ id, trusted, score }): DetectionRow => {
    const pValue = trusted ? null : pValueOf(score);
    return {
      id,
      category: trusted ? 'trusted-positive' : 'untrusted-positive',
      score,
      further: {},
      pValue,
      rank: rank.get(id) ?? null,
      flagged: pValue !== null && pValue <= 0.05,
    };
  });
  return { record: { ...recordOf(rows), ...overrides }, rows, examples };
}

function recordOf(rows: readonly DetectionRow[]): DetectionRecord {
  return {
    kind: 'detection',
    schemaVersion: 1,
    data,
    model: 'universal-sentence-encoder-lite',
    techniques: [
      { id: 'evidence-probe', title: 'Evidence probe', source: 'Roger et al. 2023' },
      { id: 'mahalanobis', title: 'Mahalanobis distance', source: 'Lee et al. 2018' },
    ],
    choice: 'evidence-probe, because 340 untrusted examples are inconsistent.',
    alarm: {
      rate: 0.05,
      correction: 'none',
      weighted: false,
      calibrationExamples: 210,
      smallestPValue: 1 / 211,
      flagged: rows.filter(({ flagged }) => flagged).length,
      untrustedPositives: 800,
    },
    exchangeability: {
      answer: 'cannot-tell',
      text: 'A classifier tells trusted from untrusted positives with the AUROC below; fakes alone would make it differ from 0.5.',
      estimates: [{ label: 'AUROC of the two-sample test', estimate: estimate(0.58) }],
    },
    judged: [{ label: 'real-vs-fake AUROC', estimate: estimate(0.83) }],
    seed: 0,
    notes: ['3 rows share their text with another row; they were kept in one fold.'],
  };
}

/** A text that tries to break out of the page, to steer a terminal and to hide what it says. */
function evil(name: string): string {
  return `"><img src=x onerror=alert('${name}')></script><script>alert(1)</script>${name}\u202e\u0000\u001b[31m\u{e0041}\u200b=1+1`;
}

export function hostileInspection(): InspectionRecord {
  return {
    ...inspection,
    data: { ...data, name: evil('name'), measurementNames: [evil('measurement'), 'x'.repeat(300)] },
    features: evil('features'),
    findings: inspection.findings.map((finding) => ({
      ...finding,
      text: evil('text'),
      estimates: [
        { label: evil('label'), estimate: { undefined: evil('reason') } },
        { label: 'y'.repeat(200), estimate: { ...estimate(0.5), value: 12.5, upper: 40 } },
      ],
    })),
    verdict: { answer: 'cannot-tell', summary: evil('summary'), reasons: [evil('because')] },
    advice: [evil('advice')],
  };
}

export function hostileDetection(): DetectionInput {
  const { record, rows, examples } = detectionFixture({ choice: evil('choice'), notes: [evil('note')] });
  const renamed = (id: string) => (id === 'run-355' ? evil(id) : id === 'run-745' ? 'z'.repeat(500) : id);
  return {
    record: { ...record, data: { ...data, name: evil('name') } },
    rows: rows.map((row) => ({ ...row, id: renamed(row.id) })),
    examples: examples.map((one) => ({ ...one, id: renamed(one.id), text: `${evil('text')}${'w'.repeat(2000)}` })),
    review: { sentence: evil('review'), estimates: [{ label: evil('rate'), estimate: estimate(0.4) }] },
  };
}
