import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskOfferedSchema, desksSchema } from '#gateway/http/contract/desk.ts';
import type { SITE_BUSES } from '#test/support/configured-site.ts';
import { layOutSite, SITE_CARDS, siteConfigFile, writeConfig, type ConfiguredSite } from '#test/support/configured-site.ts';
import { untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { callers } from '#test/support/scim-site.ts';
import { createSigningDesk } from '#test/support/desk/signing-desk.ts';
import { presentPasskey, uidOf, type Enrolled } from '#test/support/oidc/sign-in.ts';

const CALLBACK = 'http://localhost:9/callback';
const VERIFIER = randomBytes(32).toString('base64url');
const KEY = randomBytes(32).toString('hex');
const sha256 = (text: string, encoding: 'hex' | 'base64url'): string => createHash('sha256').update(text).digest(encoding);

/** The whole gateway as a process: the HR system says that Ann has left. The tests follow one another. */
let site: ConfiguredSite;
let gateway: RunningGateway;
let ann: Enrolled;
let scim: ReturnType<typeof callers>;
let desk: Awaited<ReturnType<typeof createSigningDesk>>;

beforeAll(async () => {
  site = await layOutSite();
  const tcp = ({ host, port }: { readonly host: string; readonly port: number }) => ({ tcp: { host, port } });
  writeConfig(site.process.configFile, {
    ...siteConfigFile(site.process.port, { front: tcp(site.lines.front), vault: tcp(site.lines.vault) }),
    scim: { clients: [{ id: 'hr', key_sha256: sha256(KEY, 'hex') }] },
  });
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
  ann = await enrolAt(gateway, 'usr_ann');
  scim = callers(gateway.url, KEY);
  desk = await createSigningDesk(gateway.url);
  const { code } = await gateway.api.post('/api/people/usr_ann/desks', { label: 'Laptop', reason: 'a new laptop' }, deskOfferedSchema);
  await desk.enrol(code);
});
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
});

async function badge(readerId: (typeof SITE_BUSES)['front'][number] | (typeof SITE_BUSES)['vault'][number]): Promise<'granted' | 'denied'> {
  const reader = site.readers[readerId];
  return new Promise((resolve) => {
    const stop = reader.onBuzzer(({ count }) => {
      stop();
      resolve(count === 1 ? 'granted' : 'denied');
    });
    reader.presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);
  });
}

/** Where an app that asks for a sign-in is sent back to, or the page that asks for a passkey. */
async function authorize(prompt?: string): Promise<URL> {
  const query = new URLSearchParams({
    client_id: 'wiki',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid',
    state: 's',
    code_challenge: sha256(VERIFIER, 'base64url'),
    code_challenge_method: 'S256',
    ...(prompt === undefined ? {} : { prompt }),
  });
  return (await ann.browser.navigate(`${gateway.url}/oidc/auth?${query.toString()}`, (url) => url.href.startsWith(CALLBACK))).url;
}

const userInfo = async (token: string): Promise<number> =>
  (await fetch(`${gateway.url}/oidc/me`, { headers: { authorization: `Bearer ${token}` } })).status;

describe('a directory that closes an account', () => {
  let accessToken: string;

  it('finds whom it closes: she is inside and signed in', async () => {
    expect(await badge('front-in')).toBe('granted');
    const asked = await authorize();
    const { body } = await presentPasskey({ publicUrl: gateway.url }, ann, uidOf(asked));
    const back = await ann.browser.navigate(body.redirectTo, (url) => url.href.startsWith(CALLBACK));
    const code = back.url.searchParams.get('code') ?? expect.fail(back.url.href);
    const form = { grant_type: 'authorization_code', client_id: 'wiki', redirect_uri: CALLBACK, code, code_verifier: VERIFIER };
    const answer = await fetch(`${gateway.url}/oidc/token`, { method: 'POST', body: new URLSearchParams(form) });
    accessToken = ((await answer.json()) as { readonly access_token: string }).access_token;
    expect(await userInfo(accessToken)).toBe(200);
    expect((await authorize('none')).searchParams.get('code')).not.toBeNull();
  });

  it('gives a door with a group, and takes it away again with the next badge', async () => {
    expect(await badge('vault-in')).toBe('granted');
    // Ann has the group from an import; the directory takes it over and empties it.
    await scim.call('POST', '/Groups', { displayName: 'Vault', members: [{ value: 'usr_ann' }] });
    await scim.patch('/Groups/vault', { op: 'Remove', path: 'members', value: [{ value: 'usr_ann' }] });
    expect((await scim.call('GET', '/Users/usr_ann')).body).toMatchObject({ groups: [], active: true });
    await untilLogged(
      gateway,
      'directory_change',
      (record) => record.type === 'directory_change' && record.changes.includes('-group:vault'),
    );
    expect(await badge('vault-in')).toBe('denied');
  });

  it('closes doors and sessions with one request, and a receipt names it as the cause', async () => {
    const { body } = await scim.call('GET', `/Users?filter=${encodeURIComponent('userName eq "usr_ann"')}`);
    const [found] = body.Resources;
    const closed = await scim.patch(`/Users/${found?.id ?? ''}`, { op: 'Replace', path: 'active', value: 'False' });
    expect([closed.status, closed.body.active]).toEqual([200, false]);
    expect(await userInfo(accessToken)).toBe(401);
    expect((await authorize('none')).searchParams.get('error')).toBe('login_required');
    expect(await badge('front-in')).toBe('denied');
    const standing = await untilLogged(gateway, 'standing', (record) => record.type === 'standing');
    expect(standing.record).toMatchObject({ personId: 'usr_ann', to: 'suspended', operators: ['scim:hr'] });
    const receipt = await untilLogged(gateway, 'revocation_receipt', (record) => record.type === 'revocation_receipt');
    expect(receipt.record).toMatchObject({ personId: 'usr_ann', state: 'contained' });
  });

  it('does not bring her back', async () => {
    expect((await scim.patch('/Users/usr_ann', { op: 'Replace', path: 'active', value: 'True' })).body.scimType).toBe('mutability');
    expect(await badge('front-in')).toBe('denied');
  });

  it('leaves her computer hers, in case she comes back, and takes it when she is deleted', async () => {
    expect((await desk.post('standing', {})).status).toBe(200);
    expect((await desk.post('revocation', {})).status).toBe(401);
    const late = await gateway.api.post('/api/people/usr_ann/desks', { label: 'Late', reason: 'a new laptop' }, deskOfferedSchema);
    expect((await scim.call('DELETE', '/Users/usr_ann')).status).toBe(204);
    const { record } = await untilLogged(
      gateway,
      'directory_change',
      (one) => one.type === 'directory_change' && one.changes.includes(`-desk:${desk.id()}`),
    );
    expect(record).toMatchObject({ personId: 'usr_ann', operatorId: 'gateway', changes: [`-desk:${desk.id()}`, 'because:departed'] });
    await until('the computer counts no more', 10_000, async () => ((await desk.post('standing', {})).status === 401 ? true : null));
    const revocation = { atMs: expect.any(Number) as number, because: 'departed' };
    expect((await desk.post('revocation', {})).body).toEqual({ revocation });
    const { desks } = await gateway.api.get('/api/desks?personId=usr_ann', desksSchema);
    expect(desks).toMatchObject([{ id: desk.id(), status: 'revoked', revocation }]);
    // A code from before, and a new one, are worth nothing.
    expect((await (await createSigningDesk(gateway.url)).enrol(late.code)).status).toBe(410);
    const { code, stderr } = await gateway.cli('desk', 'offer', 'usr_ann', 'Another', '--reason', 'a new laptop');
    expect([code, stderr]).toEqual([1, expect.stringContaining('has left') as string]);
  });
});
