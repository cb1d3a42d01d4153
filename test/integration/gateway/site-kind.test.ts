import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { layOutSite } from '#test/support/configured-site.ts';
import { freePort, runGatewayToItsEnd, startGateway } from '#test/support/running-gateway.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

it('starts the demo again in its folder, and no configured site there', async () => {
  const demo = { dataDir: mkdtempSync(join(tmpdir(), 'gatehouse-kind-')), port: await freePort() };
  folders.push(demo.dataDir);
  for (let start = 0; start < 2; start += 1) expect(await (await startGateway(demo)).stop()).toBe(0);

  const site = await layOutSite({ commission: false });
  const refused = await runGatewayToItsEnd({ ...site.process, dataDir: demo.dataDir });
  await site.remove();
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/data_dir: .* holds the demo site/) as string });
});

it('starts no demo in the folder of a configured site that has lost its configuration, not even before its first start', async () => {
  const site = await layOutSite();
  const { dataDir, port, configFile } = site.process;
  rmSync(configFile);
  const refused = await runGatewayToItsEnd({ dataDir, port });
  await site.remove();
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/data_dir: .* holds a configured site/) as string });
});
