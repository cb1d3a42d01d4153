import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '#gateway/compose-records.ts';
import { MASKED } from '#gateway/domain/policy/mask-input.ts';
import { emptySchema } from '#gateway/http/contract/common.ts';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import { fetchFrom } from '#test/support/fetch-from.ts';
import { readLog } from '#test/support/gateway-log.ts';
import { freePort, startGateway, type RunningGateway } from '#test/support/running-gateway.ts';
import { enrolAt, signInToDemoApp } from '#test/support/oidc/running-sign-in.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

/** Loopback addresses as the demo's configuration maps them; payroll refuses elsewhere and asks for a sign-in of the last five minutes. */
const ADDRESS = { site: '127.0.0.1', vpn: '127.0.1.5', elsewhere: '127.0.0.9' } as const;
const MAX_AUTH_AGE_S = 300;

let dataDir: string;
let gateway: RunningGateway;
let tess: Enrolled;
let payroll: string;
let wiki: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-posture-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
  const { apps } = await gateway.api.get('/api/demo', demoSchema);
  const urlOf = (id: string): string => apps.find((app) => app.id === id)?.url ?? expect.fail(`no app ${id}`);
  payroll = urlOf('payroll');
  wiki = urlOf('wiki');
  tess = await enrolAt(gateway, 'usr_tess');
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Tess with a fresh browser on a machine of that address. */
const tessAt = (address: string): Enrolled => ({ ...tess, browser: new TestBrowser(fetchFrom(address)) });

async function lastLogin() {
  const entries = await readLog(gateway, 'decision');
  const login = entries.map(({ record }) => record).findLast((record) => record.type === 'decision' && record.action === 'app.login');
  return login?.type === 'decision' ? login : expect.fail('nobody signed in');
}

describe('an app that is closed to elsewhere', () => {
  it.each([
    ['a site network', ADDRESS.site, { zone: 'site', name: 'hq-lan', site: 'hq' }],
    ['the VPN', ADDRESS.vpn, { zone: 'vpn_egress', name: 'vpn-pool' }],
  ])('lets people in from %s', async (_what, address, network) => {
    expect(await signInToDemoApp(gateway, tessAt(address), payroll)).toMatchObject({ outcome: 'signed_in' });
    expect(await lastLogin()).toMatchObject({ effect: 'permit', input: { context: { network: { ip: MASKED, ...network } } } });
  });

  it('refuses from elsewhere, says why, and what to do', async () => {
    const refused = await signInToDemoApp(gateway, tessAt(ADDRESS.elsewhere), payroll);
    expect(refused).toMatchObject({ outcome: 'asked', view: { prompt: 'denied', denied: { reasons: [{ code: 'network.elsewhere' }] } } });
    const login = await lastLogin();
    expect(login).toMatchObject({
      effect: 'deny',
      reasons: ['network.elsewhere'],
      input: { context: { network: { ip: MASKED, zone: 'elsewhere' } } },
    });
    expect(refused.outcome === 'asked' && refused.view.denied?.decisionId).toBe(login.decisionId);
  });

  it('is the only one that refuses there', async () => {
    expect(await signInToDemoApp(gateway, tessAt(ADDRESS.elsewhere), wiki)).toMatchObject({ outcome: 'signed_in' });
  });

  it('does not believe an address that the client writes itself', async () => {
    const send = fetchFrom(ADDRESS.elsewhere);
    const browser = new TestBrowser((url, init) =>
      send(url, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-forwarded-for': ADDRESS.site } }),
    );
    expect(await signInToDemoApp(gateway, { ...tess, browser }, payroll)).toMatchObject({ outcome: 'asked', view: { prompt: 'denied' } });
  });

  it('decides anew at every sign-in: a session from the site does not help elsewhere', async () => {
    const person = tessAt(ADDRESS.site);
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ outcome: 'signed_in' });
    await gateway.api.post('/api/demo/network', { zone: 'elsewhere' }, emptySchema);
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ outcome: 'asked', view: { prompt: 'denied' } });
    await gateway.api.post('/api/demo/network', { zone: null }, emptySchema);
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ outcome: 'signed_in', usedPasskey: false });
  });
});

describe('an app that wants a recent sign-in', () => {
  /** Makes the sign-ins at the gateway look older, as if the time had passed. */
  async function age(byS: number): Promise<void> {
    const records = await openRecords(dataDir);
    for (const artifact of await records.oidc.ofPerson('Session', 'usr_tess', Date.now())) {
      const session = JSON.parse(artifact.payloadJson) as { loginTs: number };
      await records.oidc.upsert({ ...artifact, payloadJson: JSON.stringify({ ...session, loginTs: session.loginTs - byS }) });
    }
    await records.close();
  }

  it('asks for the passkey again when it is older, and another app does not', async () => {
    const person = tessAt(ADDRESS.site);
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ usedPasskey: true });
    await age(MAX_AUTH_AGE_S - 60);
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ usedPasskey: false });
    await age(60 + 5);
    expect(await signInToDemoApp(gateway, person, wiki)).toMatchObject({ outcome: 'signed_in', usedPasskey: false });
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ outcome: 'signed_in', usedPasskey: true });
    expect(await signInToDemoApp(gateway, person, payroll)).toMatchObject({ outcome: 'signed_in', usedPasskey: false });
  });
});
