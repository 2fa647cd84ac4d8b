import type { Finding } from '../../core/inspection.ts';
import { wilsonEstimate } from '../../stats/wilson-estimate.ts';
import type { InspectView } from './inspect-view.ts';
import { countOf, percent } from './wording.ts';

const alikeInGroups =
  ' All intervals here take examples as independent: where those of one group are alike, they are too narrow.';

/** What kinds of examples there are, and whether every kind that detection lives on is among them. */
export function countFinding(view: InspectView): Finding {
  const [trusted, doubted, evidence] = [
    view.of('trusted-positive').length,
    view.of('untrusted-positive').length,
    view.of('untrusted-inconsistent').length,
  ];
  const cells = view.examples.flatMap(({ measurements }) => measurements);
  const absent = cells.filter((measurement) => measurement === null).length;
  const all = view.examples.length;
  const answer = trusted >= 20 && doubted >= 20 ? 'yes' : 'no';
  const text =
    `Of ${countOf(all)} examples, ${countOf(trusted)} are trusted and all positive, ${countOf(doubted)} are untrusted and all ` +
    `positive: among these the fake ones hide. ${countOf(evidence)} untrusted ones are inconsistent (some measurements positive, ` +
    `some not), which is what failed tampering leaves behind, and so may mere mistakes. ${percent(absent / Math.max(1, cells.length))} of the measurements are absent` +
    (answer === 'yes' ? '.' : '; at least 20 positive examples of each kind are needed to say anything.') +
    (view.grouped ? alikeInGroups : '');
  const share = (label: string, count: number, of: number) => ({ label, estimate: wilsonEstimate(count, of) });
  return {
    id: 'categories',
    question: 'Are there trusted and untrusted positive examples to compare?',
    answer,
    text,
    estimates: [
      share('trusted share of all examples', view.examples.filter((example) => example.trusted).length, all),
      share('all-positive share of untrusted examples', doubted, untrusted(view)),
      share('inconsistent share of untrusted examples', evidence, untrusted(view)),
      share('absent share of measurements', absent, cells.length),
    ],
  };
}

function untrusted(view: InspectView): number {
  return view.of('untrusted-positive', 'untrusted-inconsistent', 'untrusted-negative').length;
}
