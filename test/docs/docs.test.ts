import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesMatching, root, textOf } from '../architecture/sources.ts';

const pages = filesMatching('*.md', 'docs/**/*.md', 'bench/**/*.md', 'examples/**/*.md');

/** Anchors as GitHub makes them from headings. */
function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

describe('the documentation', () => {
  it.each(pages)('%s has no dead link', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);
    const dead = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path, anchor] = link.split('#') as [string, string?];
        const target = path === '' ? page : join(dirname(page), path);
        return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      });
    expect(dead).toEqual([]);
  });

  it('promises the two lines that must always work', () => {
    const firstScreen = textOf('README.md').split('\n').slice(0, 60).join('\n');
    expect(firstScreen).toContain('npm ci && npm start');
    expect(firstScreen).toContain('npm ci && npm test');
  });

  it('keeps one sentence a line under Unreleased', () => {
    const unreleased = textOf('CHANGELOG.md').split('## Unreleased')[1]?.split('\n## ')[0] ?? '';
    const entries = unreleased.split('\n').filter((line) => line.trim() !== '');
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((line) => !/^- [A-Z`].*\.$/.test(line))).toEqual([]);
  });

  it('says why each dependency was chosen', () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const page = textOf('docs/dependencies.md');
    const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !page.includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });

  it('names no machine, path of one or registry', () => {
    const pattern = /registry\.npmjs\.org|pypi\.org|deb\.debian\.org|\/home\/\w+|\/root\/|\/work\//;
    const files = filesMatching(
      '*.{md,json,ts,yaml}',
      '{src,test,bench,docs,examples,scripts,bin}/**/*.{md,json,ts,js,py,R,yaml}',
    );
    expect(files.filter((file) => file !== 'test/docs/docs.test.ts' && pattern.test(textOf(file)))).toEqual([]);
  });
});
