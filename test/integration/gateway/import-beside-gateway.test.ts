import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layOutSite, siteConfigFile, writeConfig, type ConfiguredSite } from '#test/support/configured-site.ts';
import { untilLogged } from '#test/support/gateway-log.ts';
import { enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

/** The whole gateway as a process, and the command that imports into its store while it runs, or while it does not. */
const CALLBACK = 'http://localhost:9/callback';
/** The gateway looks each second; the rest is a busy machine. */
const ENDED_MS_MAX = 10_000;
const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let site: ConfiguredSite;
let gateway: RunningGateway;
let ann: Awaited<ReturnType<typeof enrolAt>>;

beforeAll(async () => {
  site = await layOutSite();
  const tcp = ({ host, port }: { readonly host: string; readonly port: number }) => ({ tcp: { host, port } });
  const buses = { front: tcp(site.lines.front), vault: tcp(site.lines.vault) };
  writeConfig(site.process.configFile, siteConfigFile(site.process.port, buses));
  gateway = await startGateway(site.process);
  ann = await enrolAt(gateway, 'usr_ann');
});
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
});

async function signIn(): Promise<string> {
  const query = { client_id: 'wiki', redirect_uri: CALLBACK, response_type: 'code', scope: 'openid', state: 's' };
  const params = new URLSearchParams({ ...query, code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  const back = (url: URL): boolean => url.href.startsWith(CALLBACK);
  const asked = (await ann.browser.navigate(`${gateway.url}/oidc/auth?${params.toString()}`, back)).url;
  const code = async (): Promise<URL> => {
    const { body } = await presentPasskey({ publicUrl: gateway.url }, ann, uidOf(asked));
    return (await ann.browser.navigate(body.redirectTo, back)).url;
  };
  const answered = back(asked) ? asked : await code();
  const form = { grant_type: 'authorization_code', client_id: 'wiki', redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const body = new URLSearchParams({ ...form, code: answered.searchParams.get('code') ?? expect.fail(answered.href) });
  const answer = await fetch(`${gateway.url}/oidc/token`, { method: 'POST', body });
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}

const userInfo = async (token: string): Promise<number> =>
  (await fetch(`${gateway.url}/oidc/me`, { headers: { authorization: `Bearer ${token}` } })).status;

const untilRefused = (token: string): Promise<true> =>
  until('her token is refused', ENDED_MS_MAX, async () => ((await userInfo(token)) === 401 ? true : null));

function writeTable(employmentEnd: string): string {
  const file = join(site.process.dataDir, 'hr.csv');
  writeFileSync(file, `id,name,employment_end\nusr_ann,Ann Example,${employmentEnd}\n`);
  return file;
}

it('ends the sessions of whom a table puts out, while the gateway runs, and of nobody else', async () => {
  const token = await signIn();
  expect(await gateway.cli('people', 'import', writeTable('2999-12-31'))).toMatchObject({ code: 0 });
  await untilLogged(gateway, 'system', (record) => record.type === 'system' && record.detail === 'people');
  expect(await userInfo(token)).toBe(200);
  expect(await gateway.cli('people', 'import', writeTable('2020-01-01'))).toMatchObject({ code: 0 });
  await untilRefused(token);
});

it('ends them at the next start, where the table came while it was away', async () => {
  expect(await gateway.cli('people', 'import', writeTable('2999-12-31'))).toMatchObject({ code: 0 });
  const token = await signIn();
  await gateway.stop();
  expect(await gateway.cli('people', 'import', writeTable('2020-01-01'))).toMatchObject({ code: 0 });
  gateway = await startGateway(site.process);
  await untilRefused(token);
});
