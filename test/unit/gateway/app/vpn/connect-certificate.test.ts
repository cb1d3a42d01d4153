import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryDeskDeviceStore } from '#adapters/memory/desk-device-store.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import type { AuthorizeVpnRequest } from '#gateway/app/access/authorize-vpn.ts';
import { createConnectByCertificate } from '#gateway/app/vpn/connect-certificate.ts';
import { createSilentServers } from '#gateway/app/vpn/silent-servers.ts';
import { findCertificateLogin } from '#gateway/app/vpn/recent-login.ts';
import type { CertificateAttempt } from '#gateway/app/vpn/types.ts';
import { denyBecause } from '#gateway/domain/access/decision.ts';
import type { DecisionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { someDeskDevice } from '#test/support/desk/devices.ts';
import { personId, somePerson } from '#test/support/people.ts';

const WIFI = 'wifi' as VpnRealmId;
const ISSUER = '/CN=Example Computers CA';
const clock = { nowMs: () => 1_000_000, monotonicUs: () => 0 };

async function setUp() {
  const people = createMemoryPeopleStore();
  for (const name of ['ann', 'bob']) await people.save({ ...somePerson(name), groups: name === 'ann' ? ['engineering'] : [] });
  const devices = createMemoryDeskDeviceStore();
  for (const name of ['ann', 'bob']) {
    await devices.add(someDeskDevice(`dsk_${name}`, { personId: personId(name) }));
  }
  const oneTime = createMemoryOneTimeStore();
  const asked: AuthorizeVpnRequest[] = [];
  const foreign: string[] = [];
  const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'test', epoch: 0 };
  const vlans = [
    { group: 'engineering', vlan: 20 },
    { group: 'sales', vlan: 21 },
  ] as const;
  const realm = { realmId: WIFI, sessionTtlS: 3_600, interimS: 60, push: false, certificates: { issuers: [ISSUER], vlans } };
  const connect = createConnectByCertificate({
    realms: [realm, { ...realm, realmId: 'plain' as VpnRealmId, certificates: null }],
    people,
    devices,
    oneTime,
    clock,
    random: createSystemRandom(),
    onForeignIssuer: (realmId, issuer) => foreign.push(`${realmId} ${issuer}`),
    authorizeVpn: async (request) => {
      asked.push(request);
      if (request.deviceId === null) return denyBecause(stamp, 'credential.unknown');
      return { ...stamp, effect: 'permit', permits: ['vpn.granted'], obligations: [], ttlS: 300 };
    },
  });
  const show = (...names: readonly string[]) => connectWith({ names });
  const connectWith = (change: Partial<CertificateAttempt>) => connect({ realmId: WIFI, issuer: ISSUER, names: [], ip: null, ...change });
  return { asked, foreign, oneTime, show, connectWith };
}

describe('a certificate of a computer', () => {
  it('asks the policy as that computer and its person, and the permit is kept for as long as the session may last', async () => {
    const { asked, oneTime, show } = await setUp();
    expect(await show('dsk_ann', 'laptop.example.test')).toMatchObject({ ok: true, userName: 'ann@example.test', vlan: 20 });
    expect(asked).toMatchObject([
      {
        personId: personId('ann'),
        deviceId: 'dsk_ann',
        credential: 'certificate',
        authentication: { acr: 'urn:gatehouse:acr:certificate' },
      },
    ]);
    const find = (nowMs: number) => findCertificateLogin(oneTime, WIFI, 'dec_1' as DecisionId, nowMs);
    expect(await find(4_599_999)).toMatchObject({ personId: personId('ann'), deviceId: 'dsk_ann' });
    expect(await find(4_599_999)).not.toBeNull();
    expect(await find(4_600_000)).toBeNull();
  });

  it('of a person in no group of the list is put where the network puts everybody', async () => {
    const { show } = await setUp();
    expect(await show('dsk_bob')).toMatchObject({ ok: true, vlan: null });
  });

  it.each([
    ['that names no computer', { names: ['laptop.example.test'] }],
    ['that names two', { names: ['dsk_ann', 'dsk_bob'] }],
    ['of an issuer that the realm does not have', { names: ['dsk_ann'], issuer: '/CN=Other CA' }],
    ['at a realm without certificates', { names: ['dsk_ann'], realmId: 'plain' as VpnRealmId }],
    ['at a realm that does not exist', { names: ['dsk_ann'], realmId: 'none' as VpnRealmId }],
  ])('%s is nobody’s', async (_what, change) => {
    const { asked, connectWith, foreign } = await setUp();
    expect(await connectWith(change)).toMatchObject({ ok: false });
    expect(asked.every(({ deviceId, personId: person }) => deviceId === null && person === null)).toBe(true);
    expect(foreign).toHaveLength('issuer' in change || ('realmId' in change && change.realmId === 'plain') ? 1 : 0);
  });
});

describe('a server that does not answer', () => {
  it('is an alarm, raised once and lifted once', async () => {
    const audit = createMemoryAuditLog({ clock });
    const heard = createSilentServers({ audit, clock, onFailure: () => undefined });
    for (const isHeard of [true, false, false, true, true]) heard(WIFI, 'ap-1', isHeard);
    heard(WIFI, 'ap-2', false);
    const alarms = (await audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record);
    expect(alarms).toMatchObject([
      { code: 'vpn.nas_silent', sourceId: 'wifi/ap-1', active: true },
      { code: 'vpn.nas_silent', sourceId: 'wifi/ap-1', active: false },
      { code: 'vpn.nas_silent', sourceId: 'wifi/ap-2', active: true },
    ]);
  });
});
