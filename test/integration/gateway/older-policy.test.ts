import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { revisionsSchema } from '#gateway/http/contract/policy.ts';
import { layOutSite, type ConfiguredSite } from '#test/support/configured-site.ts';
import { untilReadersAnswer } from '#test/support/gateway-log.ts';
import { draftFolder } from '#test/support/policy/draft.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

let site: ConfiguredSite;
let gateway: RunningGateway;

beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
});
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
});

/** The policy of a site that published its own before readers were maintained. */
async function publishOlder(): Promise<void> {
  const folder = await draftFolder('# Our own rules.');
  const path = join(folder, 'access/operators.rego');
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"reader.maintain"', '"reader.nothing"'));
  await gateway.cli('policy', 'check', folder);
  const { revisions } = await gateway.api.get('/api/policy/revisions', revisionsSchema);
  const id = revisions[0]?.id ?? '';
  // Its cases are those of this program, and speak of the action that it does not know.
  const published = await gateway.cli('policy', 'publish', id, '--emergency', '--despite-tests', '--reason', 'as it was before');
  expect([published.code, published.stderr]).toEqual([0, '']);
}

it('says of a command that the policy in force has never heard of what to do, and the words of it help', async () => {
  await publishOlder();
  const denied = await gateway.cli('osdp', 'line-test', 'front-in', '--exchanges', '10');
  expect(denied.code).toBe(1);
  expect(denied.stderr).toContain('older than this program and has no rule about "reader.maintain"');
  expect(denied.stderr).toMatch(/policy\.no_permit.*decision dec_/);
  const [, command = ''] = /At the host: gatehouse (policy publish rev_shipped_\w+)/.exec(denied.stderr) ?? [];
  const published = await gateway.cli(...command.split(' '), '--reason', 'readers are to be maintained');
  expect([published.code, published.stdout]).toEqual([0, expect.stringContaining('is active')]);
  expect(await gateway.cli('osdp', 'line-test', 'front-in', '--exchanges', '10')).toMatchObject({ code: 0 });
});
