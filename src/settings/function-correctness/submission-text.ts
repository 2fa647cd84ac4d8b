import type { Problem } from './problem.ts';
import type { Submission } from './submission.ts';

/** What is shown of an example: the problem, the program, and the tests by number as the submission has them. */
export function submissionText(problem: Problem, { program, tests }: Submission, form: 'compact' | 'full'): string {
  const about = form === 'full' ? `// ${problem.statement.replaceAll('\n', '\n// ')}` : `# ${problem.id}`;
  return [about, program, ...tests.map((test, j) => `${j + 1}: ${test}`.trimEnd())].join('\n');
}
