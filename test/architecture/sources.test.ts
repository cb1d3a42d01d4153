import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SOURCE_RULES, stripProse, type SourceRule } from './source-rules.ts';
import { ROOT, listSources } from './source-files.ts';

const ruleOf = (name: string): SourceRule => {
  const rule = SOURCE_RULES.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new TypeError(`no rule ${name}`);
  return rule;
};

describe('every source file', () => {
  const sources = listSources();

  it('is found', () => {
    console.log(`architecture: ${sources.length} source files, ${SOURCE_RULES.length} rules`);
    expect(sources.length).toBeGreaterThan(100);
  });

  it.each(SOURCE_RULES.map((rule) => [rule.name, rule] as const))('keeps the rule %s', (_name, rule) => {
    expect(sources.map((file) => rule.check(file)).filter((violation) => violation !== null)).toEqual([]);
  });
});

/** What each rule refuses, and something close to it that it lets pass. */
const CASES: Readonly<Record<string, readonly [refused: readonly [string, string], allowed: readonly [string, string]]>> = {
  'short-files': [
    ['gateway/a.ts', 'x\n'.repeat(401)],
    ['gateway/a.ts', 'x\n'.repeat(400)],
  ],
  'kebab-case': [
    ['gateway/openDoor.ts', ''],
    ['gateway/open-door.test.ts', ''],
  ],
  'no-drawers': [
    ['gateway/utils/a.ts', ''],
    ['gateway/utilities-of-time.ts', ''],
  ],
  'no-barrels': [
    ['gateway/a.ts', "export * from './b.ts';\nexport { c } from './c.ts';\n"],
    ['gateway/a.ts', "export * from './b.ts';\nexport const c = 1;\n"],
  ],
  'aliases-across-folders': [
    ['gateway/app/a.ts', "import { b } from '../../adapters/b.ts';"],
    ['gateway/app/a.ts', "import { b } from '../domain/b.ts';"],
  ],
  'no-any': [
    ['gateway/a.ts', 'const a: any = 1;'],
    ['gateway/a.ts', '// any\nconst a = z.any(); const b = "as any"; const c = many;'],
  ],
  'no-check-switches': [
    ['gateway/a.ts', `// @ts-${'ignore'}`],
    ['gateway/a.ts', `// eslint-${'disable'}-next-line no-console -- the reason stands here`],
  ],
  'environment-in-one-place': [
    ['gateway/app/a.ts', "const a = process.env['A'];"],
    ['gateway/platform/environment.ts', "const a = process.env['A'];"],
  ],
  'no-ambient-clock-or-random': [
    ['gateway/domain/a.ts', 'const a = Date.now();'],
    ['gateway/domain/a.ts', 'const a = new Date(nowMs);'],
  ],
  'no-await-in-pure-code': [
    ['adapters/osdp/wire/a.ts', 'await b();'],
    ['adapters/osdp/bus/bus.ts', 'await b();'],
  ],
  'parsing-that-never-throws': [
    ['gateway/a.ts', 'const a = schema.safeParse(b);'],
    ['gateway/a.ts', 'const a = tryParse(schema, b);'],
  ],
  'no-default-export': [
    ['gateway/a.ts', 'export default 1;'],
    ['gateway/a.ts', 'export const a = { default: 1 };'],
  ],
};

describe('each source rule', () => {
  it('has its case', () => {
    expect(Object.keys(CASES).sort()).toEqual(SOURCE_RULES.map((rule) => rule.name).sort());
  });

  it.each(Object.entries(CASES))('%s refuses what it is for, and no more', (name, [refused, allowed]) => {
    expect(ruleOf(name).check({ path: refused[0], text: refused[1] })).not.toBeNull();
    expect(ruleOf(name).check({ path: allowed[0], text: allowed[1] })).toBeNull();
  });

  it('finds other spellings of any', () => {
    const texts = ['x as any;', 'Array<any>', 'Record<string, any>', 'function f(a: any) {}', 'let a: any[];', 'let a: string | any;'];
    expect(texts.filter((text) => ruleOf('no-any').check({ path: 'gateway/a.ts', text }) === null)).toEqual([]);
  });

  it('keeps line numbers when prose is stripped', () => {
    expect(stripProse("/* a\n b */ x 'any' // any")).toBe("    \n      x '___'       ");
  });
});

/** architecture.md: the top level is fixed, plus dotfiles, the lockfile and tool configurations. */
const TOP_LEVEL = [
  ...['gateway', 'policies', 'adapters', 'face-model', 'admin-ui', 'test'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'docker-compose.yml', 'README.md', 'LICENSE'],
  ...['eslint.config.js', 'vitest.config.ts'],
];

describe('the top level', () => {
  it('holds what the architecture names and nothing else', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
    const names = new Set(tracked.map((path) => path.split('/')[0] ?? '').filter((name) => name !== '' && !name.startsWith('.')));
    expect([...names].filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });
});
