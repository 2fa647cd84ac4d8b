import { type Layout, layOut } from '../symbol-layout.ts';

/** A way to ask somebody whether an equation holds, with the words for no and yes. */
export interface Template {
  before(name: string): string;
  after(name: string): string;
  readonly answers: readonly [no: string, yes: string];
}

/** The first is the one of `single`; `mixture` draws from all. */
export const templates: readonly [Template, ...Template[]] = [
  { before: () => '', after: (name) => `${name}:`, answers: ['False', 'True'] },
  { before: (name) => `Name: ${name}`, after: () => 'Correct?', answers: ['No', 'Yes'] },
  { before: (name) => `${name} checks`, after: () => 'Verdict:', answers: ['wrong', 'right'] },
  { before: (name) => `${name}, is it so that`, after: () => '?', answers: ['no', 'yes'] },
  { before: () => 'True or false?', after: (name) => `${name} says`, answers: ['false', 'true'] },
  { before: (name) => `Homework for ${name}:`, after: () => 'Mark it:', answers: ['bad', 'good'] },
  { before: () => 'Somebody claims', after: (name) => `Does ${name} agree?`, answers: ['disagrees', 'agrees'] },
  { before: (name) => `Ledger of ${name}:`, after: () => 'Status:', answers: ['invalid', 'valid'] },
];

/** The one fixed wrapper of `standardized`. */
export const standardTemplate: Template = {
  before: (name) => `Name: ${name}`,
  after: () => 'Is the statement factually correct?',
  answers: ['No', 'Yes'],
};

/** The prompt up to the answer. */
export function promptOf(
  template: Template,
  name: string,
  equation: readonly (string | number)[],
  layout: Layout,
): string {
  const before = template.before(name);
  const symbols = [...(before === '' ? [] : [before]), ...equation, template.after(name)];
  return layOut(symbols, layout).trimStart();
}

/** A template's no or yes as it follows the prompt. */
export function answerOf(template: Template, yes: boolean, layout: Layout): string {
  return layOut([template.answers[yes ? 1 : 0]], layout);
}
