import type { Finding, InspectionRecord } from '../../core/inspection.ts';
import { answerWord, assumptionWord } from '../answer-words.ts';
import { formatShareEstimate } from '../format.ts';
import { categoryBlocks } from '../markdown/categories.ts';
import { estimateTable } from '../markdown/estimates.ts';
import { plain, table } from '../markdown/text.ts';

/** An inspection's words and tables as Markdown (GitHub's dialect); every text in it is escaped. Ends with a newline. */
export function renderInspectionMarkdown(record: InspectionRecord): string {
  const { data, features, findings, fakeShare, verdict, advice, notes = [], seed } = record;
  const rows = [
    ['All methods together', formatShareEstimate(fakeShare.combined), ''],
    ...fakeShare.methods.map((method) => [
      method.title,
      formatShareEstimate(method.estimate),
      `${method.assumption} ${assumptionWord(method)}`,
    ]),
  ];
  const blocks = [
    `# ${plain(`Can tampering be detected in ${data.name}?`)}`,
    plain([features, `seed ${seed}`].join(' · ')),
    `**${plain(verdict.summary)}**`,
    verdict.reasons.map((reason) => `- ${plain(reason)}`).join('\n'),
    '## Findings',
    ...findings.flatMap(findingBlocks),
    '## How many positives are fake',
    table(['Method', 'Share of untrusted positives', 'Assumption'], rows),
    ...(advice.length === 0
      ? []
      : ['## What to do next', advice.map((one, i) => `${i + 1}. ${plain(one)}`).join('\n')]),
    ...categoryBlocks(data),
    ...notes.map(plain),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function findingBlocks({ question, answer, text, estimates }: Finding): string[] {
  return [`### ${plain(question)} ${answerWord(answer)}`, plain(text), estimateTable(estimates)];
}
