import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openRecords } from '#gateway/compose-records.ts';
import { createCliTools } from '#gateway/compose-tools.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const upstream = (id: string, change: object = {}) => ({
  id,
  name: id,
  issuer: `https://${id}.example.org`,
  client_id: 'gatehouse',
  account: { email_domains: ['example.org'] },
  ...change,
});

/** With the real store in a folder of its own. */
async function world() {
  const cwd = await temporaryFolder();
  const upstreams = [upstream('corp'), upstream('keyed', { client_auth: 'private_key_jwt' })];
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify({ ...SAMPLE_CONFIG_FILE, data_dir: 'data', upstreams }));
  const run = (args: readonly string[], input = '') =>
    runCommand(['upstream', ...args], { cwd, tools: createCliTools(), readInput: () => Promise.resolve(input) });
  const records = async () => openRecords(join(cwd, 'data'));
  return { cwd, run, records };
}

describe('upstream secret', () => {
  it('stores what stands on standard input, encrypted, and records that it did', async () => {
    const { cwd, records, run } = await world();
    expect(await run(['secret', 'corp'], 'hunter2-hunter2\n')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is stored') as string,
    });
    expect(await run(['secret', 'corp'], 'other')).toMatchObject({ exitCode: 0, out: expect.stringContaining('is replaced') as string });
    const stores = await records();
    expect(new TextDecoder().decode((await stores.secrets.read('upstream/corp/client-secret')) ?? undefined)).toBe('other');
    const pending = (await stores.pendingRecords.list(10)).map(({ record }) => record);
    expect(pending).toMatchObject([
      { subjectType: 'client', subjectId: 'upstream:corp', change: 'added' },
      { change: 'replaced', changes: ['secret'] },
    ]);
    await stores.close();
    expect(readFileSync(join(cwd, 'data', 'records.db')).includes('hunter2')).toBe(false);
  });

  it.each([
    [['secret', 'corp'], '', 2, 'no secret on standard input'],
    [['secret', 'corp'], `${'s'.repeat(1_025)}`, 2, 'at most 1024 characters'],
    [['secret', 'corp'], 'one\ntwo', 2, 'one line'],
    [['secret', 'nobody'], 'secret', 2, 'the configuration has corp, keyed'],
    [['secret', 'keyed'], 'secret', 1, '/upstream/keyed/jwks.json'],
  ])('refuses %j', async (args, input, exitCode, text) => {
    const { run } = await world();
    expect(await run(args, input)).toMatchObject({ exitCode, err: expect.stringContaining(text) as string });
  });

  it('takes the longest secret', async () => {
    const { run } = await world();
    expect(await run(['secret', 'corp'], 's'.repeat(1_024))).toMatchObject({ exitCode: 0 });
  });
});

describe('upstream forget', () => {
  it('frees the account of a person, once, and records it', async () => {
    const { records, run } = await world();
    // The first command makes the data folder.
    await run(['secret', 'corp'], 'secret');
    const before = await records();
    await before.people.save(somePerson('ann'));
    await before.upstream.addLink({ upstreamId: 'corp', subject: 's', personId: personId('ann'), linkedAtMs: 1 });
    await before.close();
    expect(await run(['forget', 'corp', 'ann@example.test'])).toMatchObject({ exitCode: 0 });
    expect(await run(['forget', 'corp', personId('ann')])).toMatchObject({ exitCode: 1 });
    expect(await run(['forget', 'corp', 'zoe@example.test'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('no person') as string,
    });
    const after = await records();
    expect(await after.upstream.linkOfSubject('corp', 's')).toBeNull();
    expect((await after.pendingRecords.list(10)).map(({ record }) => record)).toMatchObject([
      { subjectType: 'client' },
      { subjectType: 'person', subjectId: personId('ann'), changes: ['upstream_account'], operatorId: 'local' },
    ]);
    await after.close();
  });
});
