import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { layOutSite, type ConfiguredSite } from '#test/support/configured-site.ts';
import { readWholeLog, untilLogged } from '#test/support/gateway-log.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

let site: ConfiguredSite;
let gateway: RunningGateway;
beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
});
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

it('records at its start what was imported, and which reader keys were written, before it ran', async () => {
  const records = (await readWholeLog(gateway, 'directory_change')).map(({ record }) => record);
  const types = new Set(records.map((record) => (record.type === 'directory_change' ? record.subjectType : null)));
  expect([...types].sort()).toEqual(['badge', 'grant', 'person', 'profile', 'reader_key']);
});

it('records an import beside the running gateway, roles included', async () => {
  const file = join(site.process.dataDir, 'more.yaml');
  writeFileSync(file, stringify({ people: [{ id: 'newcomer', name: 'New Comer', roles: ['security_admin'] }] }));
  expect(await gateway.cli('import', file)).toMatchObject({ code: 0 });
  const { record } = await untilLogged(
    gateway,
    'directory_change',
    (found) => found.type === 'directory_change' && found.personId === 'newcomer',
  );
  expect(record).toMatchObject({ subjectType: 'person', change: 'added', operatorId: 'local' });
  expect(JSON.stringify(record)).toContain('+role:security_admin');
  expect(JSON.stringify(record)).not.toContain('Comer');
});
