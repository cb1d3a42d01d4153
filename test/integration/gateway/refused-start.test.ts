import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freePort, runGatewayToItsEnd } from '#test/support/running-gateway.ts';

const MAIN = new URL('../../../gateway/main.ts', import.meta.url).pathname;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Working folder and, unless told otherwise, data folder of a start. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-refused-'));
  folders.push(folder);
  return folder;
}

it('takes no arguments, and says how a configuration is named', () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, '--config', 'other.yaml'], { encoding: 'utf8', cwd: makeFolder() });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/--config .*GATEHOUSE_CONFIG/)]);
});

it('takes an empty variable for none: the configuration of the working folder counts', async () => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'gatehouse.yaml'), 'nonsense: 1\n');
  const refused = await runGatewayToItsEnd({ dataDir, port: await freePort(), env: { GATEHOUSE_CONFIG: '' } });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('nonsense: is not a known field') as string });
});

it('never makes the working folder the data folder of the demo', async () => {
  const dataDir = makeFolder();
  mkdirSync(join(dataDir, 'data'));
  writeFileSync(join(dataDir, 'data', 'demo'), 'no folder');
  const refused = await runGatewayToItsEnd({ dataDir, port: await freePort(), env: { GATEHOUSE_DATA_DIR: '' } });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`data_dir: ${join(dataDir, 'data', 'demo')}`) as string });
});

it('says what the store says when it cannot be used', async () => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'site-kind'), 'demo');
  mkdirSync(join(dataDir, 'records.db'));
  const refused = await runGatewayToItsEnd({ dataDir, port: await freePort() });
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/^gatehouse: .*\(.*unable to open.*\)$/m) as string });
});
