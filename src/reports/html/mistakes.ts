import { formatShare, formatValue } from '../format.ts';
import type { Mistake, MistakesView } from '../report-view.ts';
import { type Content, html, type Markup } from './markup.ts';
import { measurementMark } from './measurement-mark.ts';

/** Texts of up to this many characters stand open. */
const openLimit = 1000;

/** The most confident mistakes with their texts, each cut at `textLimit` characters. */
export function mistakes(view: MistakesView | null, textLimit: number): Content {
  if (view === null) return html`<p class="note">No technique could be judged, so there are no mistakes to show.</p>`;
  const list = (title: string, intro: string, items: readonly Mistake[]) =>
    html`<div><h3>${title}</h3><p class="note">${items.length === 0 ? 'There are none.' : intro}</p><ol>${items.map((item) => mistake(item, textLimit))}</ol></div>`;
  return html`<p>Where <code>${view.technique}</code>, the best technique that sees no ground truth, is most wrong. The percentage is the share of its seed’s real and fake positives that score lower.</p>
<div class="pair mistakes">${list('Fakes that it believes', 'Fake positives that it scores most real.', view.believedFakes)}${list('Reals that it doubts', 'Real positives that it scores most fake.', view.doubtedReals)}</div>
`;
}

function mistake({ example, score, percentile }: Mistake, textLimit: number): Markup {
  const left = example.text.length - textLimit;
  const text = left > 0 ? example.text.slice(0, textLimit) : example.text;
  const rest =
    left > 0 ? html`<p class="note">${left.toLocaleString('en-US')} more characters are not shown.</p>` : null;
  const open = example.text.length <= openLimit ? html` open` : null;
  return html`<li><details${open}><summary><b>${formatShare(percentile)}</b><code>${example.exampleId}</code><small>seed ${example.seed} · score ${formatValue(score)} · measurements ${example.measurements.map(measurementMark)}</small></summary><pre tabindex="0">${text}</pre>${rest}</details></li>
`;
}
