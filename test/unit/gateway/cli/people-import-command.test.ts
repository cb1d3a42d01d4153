import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createCliTools } from '#gateway/compose-tools.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** With the real store in a folder of its own. */
async function importing(text: string) {
  const cwd = await temporaryFolder();
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify(SAMPLE_CONFIG_FILE));
  writeFileSync(join(cwd, 'hr.csv'), text);
  return (...options: readonly string[]) => runCommand(['people', 'import', 'hr.csv', ...options], { cwd, tools: createCliTools() });
}

describe('people import', () => {
  it('reports row by row, imports, and finds nothing new the second time', async () => {
    const run = await importing('id,name,groups\nusr_ann,Ann,sales\nusr_bob,Bob,\n');
    const dry = await run('--dry-run');
    expect([dry.exitCode, dry.out]).toEqual([
      0,
      expect.stringMatching(/2 +usr_ann +added +\+group:sales.*\n(.*\n)*not imported: 2 added, 0 changed/),
    ]);
    expect((await run()).out).toContain('imported: 2 added, 0 changed, 0 unchanged, 0 refused');
    expect((await run()).out).toBe('imported: 0 added, 0 changed, 2 unchanged, 0 refused\n');
  });

  it('ends with 1 where a row is refused, in a dry run too, and with 2 where there is no such table', async () => {
    const refused = await importing('id,name,email\nusr_ann,Ann,nobody\n');
    for (const options of [['--dry-run'], []]) {
      const { err, exitCode, out } = await refused(...options);
      expect([exitCode, out, err]).toEqual([
        1,
        expect.stringMatching(/2 +usr_ann +refused +email/),
        expect.stringContaining('nothing was imported'),
      ]);
    }
    const json = await refused('--json');
    expect([json.exitCode, JSON.parse(json.out.split('\n')[0] ?? '')]).toMatchObject([
      1,
      { ok: false, applied: false, rows: [{ line: 2 }] },
    ]);
    const wrong = await importing('person,name\nusr_ann,Ann\n');
    expect(await wrong()).toMatchObject({ exitCode: 2, err: expect.stringContaining('no column person') as string });
  });
});
