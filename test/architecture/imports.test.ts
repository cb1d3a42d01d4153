import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cruiseProject } from './cruise-project.ts';
import { IMPORT_RULES } from './import-rules.ts';
import { ROOT, SOURCE_FOLDERS, listSources } from './source-files.ts';

describe('import directions', () => {
  it('hold in every module of the project, and every module was looked at', async () => {
    const report = await cruiseProject(ROOT, SOURCE_FOLDERS);
    const seen = new Set(report.sources);
    const missed = listSources().filter((file) => !seen.has(file.path) && !file.path.endsWith('.d.ts'));
    console.log(`architecture: ${report.sources.length} modules cruised, ${IMPORT_RULES.length} rules`);
    expect(report.violations).toEqual([]);
    expect(missed.map((file) => file.path)).toEqual([]);
    expect(report.sources.length).toBeGreaterThan(100);
  });
});

/** The smallest tree that breaks each rule, and what stands where the rule allows it. */
const VIOLATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': { 'gateway/domain/a.ts': "import './b.ts';", 'gateway/domain/b.ts': "import './a.ts';" },
  resolvable: { 'gateway/domain/a.ts': "import './gone.ts';" },
  'no-dev-packages-in-the-program': { 'adapters/x/a.ts': "import 'tool';" },
  'domain-is-pure': { 'gateway/domain/a.ts': "import 'node:fs';" },
  'ports-see-domain': { 'gateway/ports/a.ts': "import '../app/b.ts';", 'gateway/app/b.ts': '' },
  'app-sees-ports-and-domain': { 'gateway/app/a.ts': "import '../http/b.ts';", 'gateway/http/b.ts': '' },
  'app-does-no-io': { 'gateway/app/a.ts': "import 'node:fs/promises';" },
  'faces-see-app': { 'gateway/oidc/a.ts': "import '../compose.ts';", 'gateway/compose.ts': '' },
  'contract-sees-domain': { 'gateway/http/contract/a.ts': "import '../../ports/b.ts';", 'gateway/ports/b.ts': '' },
  'platform-sees-domain': { 'gateway/platform/a.ts': "import '../app/b.ts';", 'gateway/app/b.ts': '' },
  'cli-sees-app-and-contract': { 'gateway/cli/a.ts': "import '../http/b.ts';", 'gateway/http/b.ts': '' },
  'only-composition-builds-adapters': { 'gateway/main.ts': "await import('#adapters/x/b.ts');", 'adapters/x/b.ts': '' },
  'adapters-see-ports-and-domain': { 'adapters/x/a.ts': "import type {} from '#gateway/app/b.ts';", 'gateway/app/b.ts': '' },
  'adapters-are-strangers': { 'adapters/x/a.ts': "import '../y/b.ts';", 'adapters/y/b.ts': '' },
  'only-sql-engines-share-sql': { 'adapters/memory/a.ts': "import '../sql/b.ts';", 'adapters/sql/b.ts': '' },
  'osdp-core-is-sans-io': { 'adapters/osdp/wire/a.ts': "import '../bus/bus.ts';", 'adapters/osdp/bus/bus.ts': '' },
  'sqlite-in-one-place': { 'adapters/x/a.ts': "import 'node:sqlite';" },
  'admin-ui-sees-the-contract': { 'admin-ui/src/a.ts': "import '../../gateway/domain/b.ts';", 'gateway/domain/b.ts': '' },
  'policies-are-data': { 'gateway/app/a.ts': "import '../../policies/b.ts';", 'policies/b.ts': '' },
  'tests-are-imported-by-tests': { 'gateway/app/a.ts': "import '#test/b.ts';", 'test/b.ts': '' },
};

const MANIFEST = JSON.stringify({
  type: 'module',
  imports: { '#gateway/*': './gateway/*', '#adapters/*': './adapters/*', '#test/*': './test/*' },
  devDependencies: { tool: '1.0.0' },
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `export {}` makes an otherwise empty file a module. */
function plant(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gatehouse-architecture-'));
  folders.push(root);
  const all = { 'package.json': MANIFEST, 'node_modules/tool/package.json': '{"main":"index.js"}', 'node_modules/tool/index.js': '' };
  for (const [path, text] of Object.entries({ ...all, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path.endsWith('.ts') ? `${text}\nexport {};\n` : text);
  }
  return root;
}

const topFolders = (files: Readonly<Record<string, string>>): string[] => [
  ...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? '')),
];

describe('each import rule', () => {
  it('has a tree that breaks it', () => {
    expect(Object.keys(VIOLATIONS).sort()).toEqual(IMPORT_RULES.map((rule) => rule.name).sort());
  });

  it.each(Object.entries(VIOLATIONS))('%s refuses what it is for', async (name, files) => {
    const report = await cruiseProject(plant(files), topFolders(files));
    expect([...report.rules]).toContain(name);
  });

  it('lets the allowed directions pass', async () => {
    const files = {
      'gateway/domain/a.ts': "import 'node:crypto';",
      'gateway/ports/b.ts': "import '../domain/a.ts';",
      'gateway/app/c.ts': "import '../ports/b.ts';",
      'gateway/platform/p.ts': "import '../domain/a.ts'; import 'node:fs';",
      'gateway/http/contract/d.ts': "import '../../domain/a.ts';",
      'gateway/http/e.ts': "import '../app/c.ts'; import '../oidc/f.ts'; import 'node:http';",
      'gateway/oidc/f.ts': "import '../platform/p.ts';",
      'gateway/compose.ts': "import './http/e.ts'; import '#adapters/x/g.ts';",
      'adapters/x/g.ts': "import '#gateway/ports/b.ts';",
      'adapters/sqlite/h.ts': "import '../sql/i.ts'; import 'node:sqlite';",
      'adapters/sql/i.ts': '',
      'admin-ui/src/j.ts': "import '../../gateway/http/contract/d.ts';",
      'test/k.ts': "import '#gateway/compose.ts';",
    };
    const report = await cruiseProject(plant(files), topFolders(files));
    expect(report.violations).toEqual([]);
    expect(report.sources.length).toBe(Object.keys(files).length);
  });
});
