import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import { type ActionTemplate, families } from '../../../src/settings/diamond-vault/action-template.ts';
import { easyActions } from '../../../src/settings/diamond-vault/easy-actions.ts';
import { execute } from '../../../src/settings/diamond-vault/execute.ts';
import { hardActions } from '../../../src/settings/diamond-vault/hard-actions.ts';
import { vaultKinds } from '../../../src/settings/diamond-vault/vault-source.ts';
import { allActions, programOf, samplePrograms } from './support.ts';

function writings(action: ActionTemplate): string[] {
  const rng = createRng(0, action.id);
  return [...new Set(Array.from({ length: 100 }, () => action.write(rng)))];
}

describe('action templates', () => {
  it('are at least 30 easy and 60 hard ones, with ids of their own, covering every family', () => {
    expect(easyActions.length).toBeGreaterThanOrEqual(30);
    expect(hardActions.length).toBeGreaterThanOrEqual(60);
    expect(new Set(allActions.map(({ id }) => id)).size).toBe(allActions.length);
    expect(new Set(hardActions.map(({ family }) => family))).toEqual(new Set(families));
  });

  it('write one statement on one line that starts with a word and holds no comment', () => {
    for (const statement of allActions.flatMap(writings)) expect(statement).toMatch(/^[a-zA-Z](?!.*(\/\/|\/\*)).*$/);
  });

  it('never write what another template writes, so that held-out actions are not met in training', () => {
    const all = allActions.flatMap(writings);
    expect(new Set(all).size).toBe(all.length);
  });

  it('can all be run, at every vault, after every other kind of action', () => {
    for (const kind of vaultKinds) {
      for (const statement of allActions.flatMap(writings)) {
        const { measurements } = execute(programOf(kind, [statement], [statement, 'v.pop()', statement]));
        expect(
          measurements.every((value) => typeof value === 'boolean'),
          statement,
        ).toBe(true);
      }
    }
  });

  it('do something: each hard one changes what some program shows', () => {
    const programs = samplePrograms(allActions, 400, 'contexts');
    for (const action of hardActions) {
      const rng = createRng(0, action.id);
      const changed = programs.some((program) => {
        const robber = rng.chance(0.5) || action.actor === 'robber';
        const turn = robber && action.actor !== 'protector' ? 'robber' : 'protector';
        return shown({ ...program, [turn]: [action.write(rng), ...program[turn]] }) !== shown(program);
      });
      expect(changed, action.id).toBe(true);
    }
  });
});

function shown(program: Parameters<typeof execute>[0]): string {
  const { measurements, diamondPresent } = execute(program);
  return JSON.stringify([measurements, diamondPresent]);
}

describe('easy actions', () => {
  it('make no fake positive in any pair, at any vault', () => {
    const statements = easyActions.flatMap((action) => writings(action).map((statement) => ({ action, statement })));
    const protectors = statements.filter(({ action }) => action.actor !== 'robber').map(({ statement }) => statement);
    const robbers = statements.filter(({ action }) => action.actor !== 'protector').map(({ statement }) => statement);
    const pairs = vaultKinds.flatMap((kind) =>
      protectors.flatMap((a) => robbers.map((b) => programOf(kind, [a], [b]))),
    );
    expect(pairs.length).toBeGreaterThan(5000);
    expect(pairs.filter(isFake)).toEqual([]);
  });

  it('make no measurement positive without the diamond in 10,000 random programs with modifiers', () => {
    const programs = samplePrograms(easyActions, 10_000, 'easy');
    const tampered = programs.filter((program) => {
      const { measurements, diamondPresent } = execute(program);
      return measurements.includes(true) && !diamondPresent;
    });
    expect(tampered).toEqual([]);
  });

  it('would be caught by that test if they could: hard ones do make fake positives', () => {
    expect(samplePrograms(allActions, 2_000, 'hard').some(isFake)).toBe(true);
  });
});

function isFake(program: Parameters<typeof execute>[0]): boolean {
  const { measurements, diamondPresent } = execute(program);
  return measurements.every(Boolean) && !diamondPresent;
}
