import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/settings/function-correctness/problem.ts';
import { problems } from '../../../src/settings/function-correctness/problems/problems.ts';

type Run = (...input: unknown[]) => unknown;

// Our own programs, so the test may run them itself; the setting runs them in the sandbox.
const compile = ({ entry }: Problem, source: string): Run =>
  new Function(`'use strict';\n${source}\nreturn ${entry};`)();

const isShort = (source: string) => source.split('\n').filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length < 4;

describe('the problems', () => {
  it('are at least 60, with ids and entries of their own', () => {
    expect(problems.length).toBeGreaterThanOrEqual(60);
    for (const key of ['id', 'entry', 'statement'] as const) {
      expect(new Set(problems.map((problem) => problem[key])).size, key).toBe(problems.length);
    }
  });
});

describe.each(problems.map((problem) => [problem.id, problem] as const))('%s', (id, problem) => {
  const { entry, inputs, examples, solutions, parameters, statement } = problem;
  const [reference, ...others] = solutions.map((source) => compile(problem, source)) as [Run, ...Run[]];
  const outputs = inputs.map((input) => reference(...structuredClone(input)));

  it('is well formed', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(entry).toMatch(/^[a-z][A-Za-z]*$/);
    expect(statement).toMatch(/\.$/);
    expect(solutions.length).toBeGreaterThanOrEqual(2);
    expect(new Set(solutions).size).toBe(solutions.length);
    expect(solutions.some(isShort)).toBe(true);
    for (const source of solutions) expect(source).toMatch(new RegExp(`^function ${entry}\\(`));
  });

  it('has at least 20 different inputs, and no result for most of them', () => {
    expect(new Set(inputs.map((input) => JSON.stringify(input))).size).toBe(inputs.length);
    expect(inputs.length).toBeGreaterThanOrEqual(20);
    for (const input of inputs) expect(input).toHaveLength(parameters.length);
    const texts = outputs.map((output) => JSON.stringify(output));
    const counts = [...new Set(texts)].map((text) => texts.filter((other) => other === text).length);
    expect(Math.max(...counts) / texts.length).toBeLessThanOrEqual(0.65);
  });

  it('returns JSON', () => {
    for (const output of outputs) {
      expect(JSON.parse(JSON.stringify(output))).toStrictEqual(output);
      expect(JSON.stringify(output).length).toBeLessThan(120);
    }
  });

  it('has solutions that agree, leave their arguments alone, and do as worked by hand', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const run of [reference, ...others]) {
      inputs.forEach((input, i) => {
        const own = structuredClone(input) as unknown[];
        expect(run(...own), `${run} on ${JSON.stringify(input)}`).toStrictEqual(outputs[i]);
        expect(own).toStrictEqual(input);
      });
      for (const { input, output } of examples) expect(run(...structuredClone(input))).toStrictEqual(output);
    }
  });
});
