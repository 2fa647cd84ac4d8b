/** The report's style sheet: gold for real, blue for fake, everything else ink on stone. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfb; --panel: #f3f4f3; --ink: #1b1f24; --soft: #59616b; --line: #d8dbdd; --faint: #b9bfc5;
  --gold: #a97708; --gold-ink: #7a5400; --gold-wash: #a9770838; --blue: #2a6496; --red-ink: #9c3327;
  --band: #59616b1c;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Charter, Georgia, "Liberation Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --panel: #1c2024; --ink: #e7e9eb; --soft: #a2abb4; --line: #31373d; --faint: #565f68;
    --gold: #e2ad45; --gold-ink: #ecc06a; --gold-wash: #e2ad453d; --blue: #76aee0; --red-ink: #f0958a;
    --band: #a2abb41f;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word; }
main, body > header, body > footer { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
body > header { padding-top: 2.75rem; }
body > header::before { content: ""; display: block; width: 4.5rem; border-top: 5px solid var(--gold); margin-bottom: 1.1rem; }
h1, h2 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 4.4vw, 2.5rem); margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; margin: 3.75rem 0 .6rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 2.1rem 0 .4rem; }
p { margin: .5rem 0; max-width: 44rem; }
.meta, .note, figcaption, .key, footer { color: var(--soft); font-size: .875rem; }
.meta span { display: inline-block; } .meta span:not(:last-child)::after { content: "·"; margin: 0 .45em; }
.verdict { font: 500 clamp(1.15rem, 2.4vw, 1.4rem)/1.45 var(--serif); max-width: 50rem; margin: 1.5rem 0 1rem; text-wrap: pretty; }
.group { margin-top: 4.5rem; border-top: 1px solid var(--line); padding-top: .5rem; }
.group > h2 { font-size: 1.9rem; margin-top: 1.2rem; }
code { font: .9em var(--mono); }
a { color: inherit; text-decoration-color: var(--faint); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--gold); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

nav { position: sticky; top: 0; z-index: 3; background: var(--paper); border-bottom: 1px solid var(--line); margin-top: 1.5rem; }
nav ul { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; display: flex; gap: 1.35rem; overflow-x: auto; list-style: none; scrollbar-width: none; }
nav a { display: block; padding: .65rem 0; font-size: .875rem; white-space: nowrap; text-decoration: none; color: var(--soft); }
nav a:hover { color: var(--ink); }
nav .of { color: var(--ink); font-weight: 600; }

.standings { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.1rem; margin: 0 0 1.2rem; font-size: .9375rem; max-width: 50rem; }
.standings dt { color: var(--soft); } .standings dd { margin: 0; }
.standings code { display: inline-block; max-width: 100%; margin-right: 1.1em; overflow-wrap: anywhere; }

figure { margin: 1.6rem 0; }
.forest .rows { margin-top: .7rem; }
.forest .row, .forest .axis { display: grid; grid-template-columns: 15.5rem 1fr 11.5rem; align-items: center; column-gap: 1rem; }
.forest .name { font-size: .9375rem; } .forest small, th small { color: var(--soft); font-size: .8em; font-weight: 400; }
.forest .value { text-align: right; font-size: .9375rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.forest .value i { color: var(--soft); white-space: normal; font-size: .8125rem; }
.forest .streak { display: block; width: 100%; height: 1.875rem; overflow: visible; }
.forest .axis .ticks { grid-column: 2; position: relative; height: 1.25rem; }
.forest .axis .ticks span { position: absolute; transform: translateX(-50%); font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.forest .part { color: var(--soft); font-size: .8125rem; border-top: 1px solid var(--line); margin-top: .3rem; padding-top: .35rem; }
.forest path, .sample path { vector-effect: non-scaling-stroke; fill: none; }
.forest .interval { stroke: var(--gold-wash); stroke-width: 11px; }
.forest .dot { stroke: var(--gold); stroke-width: 11px; stroke-linecap: round; }
.forest .ceiling .interval, .forest .control .interval { stroke: var(--faint); stroke-opacity: .55; }
.forest .ceiling .dot { stroke: var(--ink); } .forest .control .dot { stroke: var(--soft); }
.band { fill: var(--band); }
.chance { stroke: var(--soft); stroke-width: 1px; }
.base { stroke: var(--ink); stroke-width: 1.25px; stroke-dasharray: 4 3; }
.key { display: flex; flex-wrap: wrap; gap: .15rem 1.2rem; margin: .7rem 0 0; max-width: none; }
.sample { width: 14px; height: 14px; vertical-align: -2px; margin-right: .4em; }
.mark { margin-left: .4em; font-size: .85em; } td .mark { margin: 0; }
.mark.above { color: var(--gold-ink); } .mark.below { color: var(--red-ink); } .mark.unclear { color: var(--soft); }

.scroll { overflow-x: auto; margin: 1rem 0 1.4rem; max-width: 100%; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; line-height: 1.35; min-width: min(100%, 22rem); }
caption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .5rem; }
th, td { padding: .42rem .9rem .42rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; font-weight: 600; border-bottom-color: var(--soft); max-width: 10.5rem; }
tbody th { font-weight: 500; white-space: nowrap; position: sticky; left: 0; background: var(--paper); }
tbody td { max-width: 34rem; }
tr.part th { position: static; color: var(--soft); font-weight: 400; font-size: .8125rem; padding-top: 1rem; }
tr.part span { position: sticky; left: 0; }
td.num { white-space: nowrap; } td b { font-weight: 600; } td .ci { display: block; color: var(--soft); font-size: .75rem; }
td.none { color: var(--soft); } td.reason { color: var(--soft); font-size: .8125rem; min-width: 11rem; }
.forest .ci { color: var(--soft); font-size: .8125rem; }
td.count, .counts thead th:not(:first-child) { text-align: right; }

.notes { list-style: none; padding: 0; margin: -.6rem 0 1.4rem; max-width: 60rem; } sup { line-height: 0; }
.matrix .scroll { max-height: min(85vh, 56rem); overflow: auto; }
.matrix thead th { position: sticky; top: 0; z-index: 2; background: var(--paper); overflow-wrap: anywhere; min-width: 7rem; }
.matrix thead th:first-child { left: 0; z-index: 3; } .matrix thead th:nth-child(2) { min-width: 4rem; }
.matrix thead small { display: block; } .matrix tbody th { z-index: 1; }
.matrix table { border-collapse: separate; border-spacing: 0; }
.matrix .top { display: flex; justify-content: space-between; gap: .5rem; width: 5.5rem; } .matrix .rank { color: var(--soft); font-size: .75rem; }
.matrix td { min-width: 6rem; } td.needs { color: var(--soft); font-size: .75rem; max-width: 8rem; overflow-wrap: anywhere; }
.bar { display: block; width: 5.5rem; height: 4px; margin-top: .25rem; background: var(--band); } .bar span { display: block; height: 100%; background: var(--gold); }
.control .bar span { background: var(--soft); } .ceiling .bar span, .supervisor .bar span { background: var(--ink); }

.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; } .pair > * { min-width: 0; margin: .6rem 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); gap: 1.6rem 2rem; margin: 1.2rem 0; }
.cards figure { margin: 0; border-top: 1px solid var(--line); padding-top: .5rem; min-width: 0; }
.cards figcaption { display: flex; justify-content: space-between; gap: .5rem; color: var(--ink); font-size: .875rem; }
.cards .ink { display: grid; grid-template-columns: 130fr 220fr; gap: .5rem; }
.plot { display: block; width: 100%; height: auto; font: 12px var(--sans); color: var(--soft); overflow: visible; }
.plot text { white-space: pre; fill: var(--soft); }
.plot .curve { stroke: var(--faint); stroke-width: 1; } .plot .best { stroke: var(--gold); stroke-width: 2.5; }
.plot .baseline { stroke: var(--ink); stroke-width: 1.75; stroke-dasharray: 6 4; }
.plot .ceiling { stroke: var(--ink); stroke-width: 1.5; } .plot .control { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 1.5 3.5; }
.plot .diagonal, .plot .zero { stroke: var(--faint); stroke-width: 1; } .plot .marker { stroke: var(--soft); stroke-dasharray: 2 3; }
.plot .frame { stroke: var(--line); }
.plot path.real, .plot .real path { fill: var(--gold); } .plot path.fake, .plot .fake path, .plot .fake rect { fill: var(--blue); }
.plot .label { font-size: 12px; }
.key .plot { width: 26px; height: 10px; display: inline-block; margin-right: .4em; }

details { margin: .35rem 0; border-top: 1px solid var(--line); padding-top: .35rem; }
summary { cursor: pointer; padding: .2rem 0; }
summary:hover { color: var(--gold-ink); }
.mistakes ol { list-style: none; margin: 0; padding: 0; }
.mistakes summary { display: grid; grid-template-columns: 4.6rem 1fr; gap: .1rem .6rem; font-variant-numeric: tabular-nums; }
.mistakes summary small::after { content: "show the text"; margin-left: .7em; text-decoration: underline; text-decoration-color: var(--faint); }
.mistakes [open] > summary small::after { content: "hide the text"; }
.mistakes summary b { font-weight: 600; } .mistakes summary small { grid-column: 2; color: var(--soft); font-size: .8125rem; }
pre { background: var(--panel); padding: .8rem 1rem; margin: .4rem 0 .9rem; overflow: auto; max-height: 26rem; font: .8125rem/1.5 var(--mono); border-radius: 4px; tab-size: 2; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.4rem; font-size: .9375rem; margin: .8rem 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.reasons { margin: .4rem 0 1.2rem; padding-left: 1.3rem; max-width: 44rem; } .reasons li { margin: .3rem 0; }
.answer { display: inline-block; margin-left: .35em; padding: 0 .55em; border-radius: 1em; font-size: .8125rem; font-weight: 600; border: 1px solid var(--faint); color: var(--soft); white-space: nowrap; }
.answer.yes { color: var(--gold-ink); border-color: var(--gold); } .answer.no { color: var(--ink); border-color: var(--soft); }
.intervals { margin: .8rem 0 1.2rem; } @media (min-width: 46.01rem) { .intervals .row, .intervals .axis { grid-template-columns: minmax(12rem, 23rem) 1fr 11.5rem; } }
.intervals .grid { stroke: var(--line); stroke-width: 1px; } .intervals .ticks span { white-space: nowrap; } .intervals .ticks span:last-child { transform: translateX(-70%); }
.intervals .name { min-width: 0; overflow-wrap: anywhere; }
.suspects { list-style: none; margin: 1rem 0; padding: 0; }
.suspects summary { display: flex; flex-wrap: wrap; gap: .1rem .9rem; align-items: baseline; font-variant-numeric: tabular-nums; }
.suspects summary::before { content: "▸"; color: var(--soft); } .suspects [open] > summary::before { content: "▾"; }
.suspects summary b { min-width: 2.2rem; } .suspects summary code { overflow-wrap: anywhere; min-width: 0; } .suspects summary small { color: var(--soft); font-size: .8125rem; }
.suspects .words { flex: 1 1 100%; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--soft); font: .8125rem/1.4 var(--mono); padding-left: 1.6rem; }
.suspects [open] > summary .words { display: none; }
.suspects pre { white-space: pre-wrap; overflow-wrap: anywhere; }
body > footer { margin-top: 4.5rem; padding-top: 1rem; padding-bottom: 3rem; }

@media (max-width: 46rem) {
  main, body > header, body > footer, nav ul { padding-left: 1rem; padding-right: 1rem; }
  body > header { padding-top: 1.75rem; }
  .pair { grid-template-columns: 1fr; gap: .5rem; }
  .standings, .facts { grid-template-columns: 1fr; gap: 0; } .standings dd, .facts dd { margin-bottom: .5rem; }
  .forest .row, .forest .axis { grid-template-columns: 1fr auto; column-gap: .5rem; }
  .forest .row { padding-top: .35rem; } .forest .axis .ticks, .forest .streak { grid-column: 1 / -1; grid-row: 2; }
  .forest .streak { height: 1.5rem; }
  tbody th { white-space: normal; min-width: 7.5rem; max-width: 8.5rem; overflow-wrap: anywhere; } tr.part th { max-width: none; white-space: nowrap; }
  th small { display: block; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --panel: #fff; }
  body { font-size: 10pt; } nav { display: none; } h2, h3, figcaption, summary { break-after: avoid; }
  figure, tr, .cards figure { break-inside: avoid; } pre { max-height: none; white-space: pre-wrap; border: 1px solid var(--line); }
  details::details-content { content-visibility: visible; block-size: auto; }
  .scroll, .matrix .scroll { overflow: visible; max-height: none; } tbody th, .matrix thead th { position: static; }
}
`;
