import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createCliTools } from '#gateway/compose-tools.ts';
import { EXIT } from '#gateway/cli/cli-error.ts';
import { openRecords } from '#gateway/compose-records.ts';
import { createMasterKeyStore } from '#gateway/app/readers/master-key-store.ts';
import type { SiteId } from '#gateway/domain/site/ids.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const [FIRST, SECOND, THIRD] = ['9d1c66b2f03e4a875b0e21c4d97f6a18', '3f0b9d75e1fc2045ce07b93a1f2446d8', '7c1e55d0928b46fe83aa19c7d2046b3e'];
const hex = (key: Uint8Array | null | undefined): string | null => (key ? Buffer.from(key).toString('hex') : null);

async function site(readerKeys: 'unique' | 'diversified' = 'diversified') {
  const cwd = await temporaryFolder();
  const [first] = SAMPLE_CONFIG_FILE.sites;
  const sites = [{ ...first, reader_keys: readerKeys }];
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify({ ...SAMPLE_CONFIG_FILE, sites }));
  const tools = createCliTools();
  const run = (args: readonly string[], input: string | null = null) =>
    runCommand(['osdp', 'master-key', ...args], {
      cwd,
      readInput: () => Promise.resolve(input),
      randomBytes: (length) => randomBytes(length),
      tools,
    });
  const stored = async () => {
    mkdirSync(join(cwd, 'data'), { recursive: true, mode: 0o700 });
    const records = await openRecords(join(cwd, 'data'));
    try {
      return await createMasterKeyStore(records.secrets).read('hq' as SiteId);
    } finally {
      await records.close();
    }
  };
  return { run, stored };
}

describe('gatehouse osdp master-key', () => {
  it('stores the first one at once, stages the second, and takes no third before the readers have it', async () => {
    const { run, stored } = await site();
    const first = await run(['hq'], FIRST);
    expect([first.exitCode, first.out.includes(String(FIRST))]).toEqual([0, false]);
    expect(hex((await stored())?.current)).toBe(FIRST);
    expect((await run(['hq', '--json'], SECOND)).out).toContain('{"siteId":"hq","isStaged":true}');
    const state = await stored();
    expect([hex(state?.current), hex(state?.next), state?.generation]).toEqual([FIRST, SECOND, 1]);
    expect((await run(['hq'], THIRD)).exitCode).not.toBe(0);
    expect(hex((await stored())?.next)).toBe(SECOND);
  });

  it('makes one, and shows it only then', async () => {
    const { run, stored } = await site();
    const { out } = await run(['hq', '--generate', '--show']);
    expect(out.trim()).toBe(hex((await stored())?.current));
    expect((await run(['hq', '--show'], FIRST)).exitCode).toBe(EXIT.usage);
  });

  it.each(['303132333435363738393a3b3c3d3e3f', '00'.repeat(16), '000102030405060708090a0b0c0d0e0f', '2b7e151628aed2a6abf7158809cf4f3c'])(
    'refuses %s, which everybody tries first',
    async (weak) => {
      const { run, stored } = await site();
      expect((await run(['hq'], weak)).exitCode).not.toBe(0);
      expect(await stored()).toBeNull();
    },
  );

  it.each([
    ['hq', 'ab'],
    ['hq', `${FIRST}00`],
    ['nowhere', String(FIRST)],
  ])('refuses %s with %s', async (name, input) => {
    expect((await (await site()).run([name], input)).exitCode).not.toBe(0);
  });

  it('is of no use where readers have unique keys', async () => {
    expect((await (await site('unique')).run(['hq'], FIRST)).exitCode).toBe(EXIT.refused);
  });
});
