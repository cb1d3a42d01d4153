import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createMemoryVpnSessionStore } from '#adapters/memory/vpn-session-store.ts';
import type { AuthorizeVpnRequest } from '#gateway/app/access/authorize-vpn.ts';
import { keepCertificateLogin, keepLogin, LOGINS_WAITING_MAX } from '#gateway/app/vpn/recent-login.ts';
import { createVpnSessions } from '#gateway/app/vpn/sessions.ts';
import type { Tunnel } from '#gateway/app/vpn/tunnel.ts';
import { denyBecause } from '#gateway/domain/access/decision.ts';
import type { ReasonCode } from '#gateway/domain/access/reason-code.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DecisionId, DeskDeviceId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { TunnelName } from '#gateway/ports/vpn-disconnect.ts';
import { VPN_SESSIONS_PER_PERSON_MAX } from '#gateway/ports/vpn-session-store.ts';
import { personId, somePerson } from '#test/support/people.ts';

const STAFF = 'staff' as VpnRealmId;
const SESSION_TTL_S = 3_600;
const ann = personId('ann');
const tunnel = (change: Partial<Tunnel> = {}): Tunnel => ({
  realmId: STAFF,
  serverSessionId: 'one',
  userName: 'ann@example.test',
  ip: '203.0.113.9',
  sign: 'start',
  decisionId: null,
  nas: null,
  ...change,
});

async function setUp(options: { readonly hasServer?: boolean } = {}) {
  let nowMs = 1_000_000;
  const clock: Clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const state: { denies: ReasonCode | null; isServerDown: boolean } = { denies: null, isServerDown: false };
  const asked: AuthorizeVpnRequest[] = [];
  /** Users of whom all ends, and tunnels. */
  const disconnected: (readonly string[])[] = [];
  const failures: unknown[] = [];
  const people = createMemoryPeopleStore();
  await people.save(somePerson('ann'));
  const sessions = createMemoryVpnSessionStore();
  const oneTime = createMemoryOneTimeStore();
  const audit = createMemoryAuditLog({ clock });
  const server = {
    disconnect: async (names: readonly string[], tunnels: readonly TunnelName[]) => {
      if (state.isServerDown) throw new GatewayError('vpn.unavailable', 'down');
      disconnected.push([...names, ...tunnels.map(({ serverSessionId }) => serverSessionId)].sort());
      return 1;
    },
  };
  const stamp = { id: 'dec_again' as DecisionId, policyRevision: 'test', epoch: 0 };
  const vpn = createVpnSessions({
    realms: [{ realmId: STAFF, sessionTtlS: SESSION_TTL_S, interimS: 60, push: false, certificates: null }],
    servers: new Map(options.hasServer === false ? [] : [[STAFF, server]]),
    people,
    sessions,
    oneTime,
    authorizeVpn: async (request) => {
      asked.push(request);
      const reason = state.denies ?? (request.authentication === null ? 'authentication.missing' : null);
      if (reason !== null) return denyBecause(stamp, reason);
      return { ...stamp, effect: 'permit', permits: ['vpn.granted'], obligations: [], ttlS: 300 };
    },
    audit,
    clock,
    random: createSystemRandom(),
    onFailure: (failure) => failures.push(failure),
  });
  const authentication = { amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 900_000 };
  return {
    vpn,
    sessions,
    oneTime,
    asked,
    disconnected,
    failures,
    state,
    pass: (ms: number) => (nowMs += ms),
    permit: (number = 'dec_first', ip = '203.0.113.9') =>
      keepLogin(
        oneTime,
        { realmId: STAFF, personId: ann },
        { authentication, correlation: 'vpn_flow', decisionId: number as DecisionId, ip },
        nowMs,
      ),
    ends: async () =>
      (await audit.read({ from: { afterSeq: 0 }, limit: 100 })).flatMap(({ record }) =>
        record.type === 'session' && record.event === 'ended' ? [record.cause] : [],
      ),
  };
}

describe('VPN sessions by what servers say', () => {
  it('begin with the permit of late, whose sign-in counts at every sign of life', async () => {
    const { asked, permit, sessions, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    await vpn.alive(tunnel({ sign: 'interim' }));
    expect(await sessions.ofPerson(ann)).toMatchObject([{ decisionId: 'dec_first', correlation: 'vpn_flow' }]);
    expect(asked).toHaveLength(2);
    expect(asked.map(({ authentication }) => authentication?.authenticatedAtMs)).toEqual([900_000, 900_000]);
  });

  it('end when nobody knows how they came about', async () => {
    const { disconnected, ends, sessions, vpn } = await setUp();
    await vpn.alive(tunnel());
    await vpn.settled();
    expect(disconnected).toEqual([['one']]);
    expect(await sessions.ofPerson(ann)).toEqual([]);
    expect(await ends()).toEqual(['authentication.missing']);
  });

  it('take one permit for one tunnel', async () => {
    const { disconnected, permit, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    await vpn.alive(tunnel({ serverSessionId: 'two' }));
    await vpn.settled();
    expect(disconnected).toHaveLength(1);
  });

  it('of two computers that connect at once have a permit each: by its number, else by the address it was given to', async () => {
    const { permit, sessions, vpn } = await setUp();
    for (const [number, ip] of [
      ['dec_a', '203.0.113.9'],
      ['dec_b', '198.51.100.7'],
      ['dec_c', '203.0.113.9'],
    ] as const)
      await permit(number, ip);
    expect(await vpn.alive(tunnel({ serverSessionId: 'b', ip: '198.51.100.7' }))).toBe(true);
    expect(await vpn.alive(tunnel({ serverSessionId: 'c', decisionId: 'dec_c' as DecisionId }))).toBe(true);
    expect(await vpn.alive(tunnel({ serverSessionId: 'again', decisionId: 'dec_c' as DecisionId }))).toBe(false);
    expect(await vpn.alive(tunnel({ serverSessionId: 'a', ip: '192.0.2.1' }))).toBe(true);
    await vpn.settled();
    const permits = (await sessions.ofPerson(ann)).map(({ decisionId, serverSessionId }) => [serverSessionId, decisionId]);
    expect(Object.fromEntries(permits)).toEqual({ a: 'dec_a', b: 'dec_b', c: 'dec_c' });
  });

  it('keep as many permits waiting as allowed; the oldest gives way', async () => {
    const { pass, permit, vpn } = await setUp();
    for (let index = 0; index <= LOGINS_WAITING_MAX; index += 1) {
      await permit(`dec_${String(index)}`);
      pass(1);
    }
    const begins = (number: number): Promise<boolean> =>
      vpn.alive(tunnel({ serverSessionId: String(number), decisionId: `dec_${String(number)}` as DecisionId }));
    expect(await begins(0)).toBe(false);
    for (let index = 1; index <= LOGINS_WAITING_MAX; index += 1) expect(await begins(index)).toBe(true);
  });

  it('leave the person’s other tunnels up when one of them must end', async () => {
    const { disconnected, permit, sessions, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    await vpn.alive(tunnel({ serverSessionId: 'two' }));
    await vpn.settled();
    expect(disconnected).toEqual([['two']]);
    expect(await sessions.ofPerson(ann)).toMatchObject([{ serverSessionId: 'one' }]);
  });

  it('end when they have lasted as long as the realm allows, whatever the server makes of it', async () => {
    const { asked, disconnected, ends, pass, permit, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    pass(SESSION_TTL_S * 1_000 - 1);
    expect(await vpn.alive(tunnel({ sign: 'interim' }))).toBe(true);
    pass(1);
    const before = asked.length;
    expect(await vpn.alive(tunnel({ sign: 'interim' }))).toBe(false);
    await vpn.settled();
    expect([asked.length, disconnected, await ends()]).toEqual([before, [['one']], ['session.expired']]);
  });

  it('of a computer last as long as its certificate is taken, which it shows again within the session', async () => {
    const { asked, disconnected, oneTime, pass, vpn } = await setUp();
    const authentication = { amr: ['pop'], acr: 'urn:gatehouse:acr:certificate', userVerified: false, authenticatedAtMs: 900_000 };
    const [decisionId, deviceId] = ['dec_laptop' as DecisionId, 'dsk_laptop' as DeskDeviceId];
    const login = { authentication, correlation: 'vpn_flow', decisionId, ip: null, personId: ann, deviceId };
    await keepCertificateLogin(oneTime, STAFF, login, { nowMs: 1_000_000, expiresAtMs: 2_000_000 });
    await vpn.alive(tunnel({ decisionId, nas: 'ap-1' }));
    pass(SESSION_TTL_S * 1_000);
    expect(await vpn.alive(tunnel({ decisionId, nas: 'ap-1', sign: 'interim' }))).toBe(true);
    await vpn.settled();
    expect([asked.length, disconnected]).toEqual([2, []]);
  });

  it('end a tunnel of a name that is nobody’s', async () => {
    const { disconnected, vpn } = await setUp();
    await vpn.alive(tunnel({ userName: 'nobody@example.test' }));
    await vpn.settled();
    expect(disconnected).toEqual([['nobody@example.test', 'one']]);
  });

  it('end at the sign of life at which the policy says no', async () => {
    const { ends, permit, sessions, state, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    state.denies = 'grant.outside_schedule';
    await vpn.alive(tunnel({ sign: 'interim' }));
    await vpn.settled();
    expect(await sessions.ofPerson(ann)).toEqual([]);
    expect(await ends()).toEqual(['grant.outside_schedule']);
  });

  it('take what a server had sent before the end for no new session, but a start for one', async () => {
    const { asked, permit, state, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    state.denies = 'subject.suspended';
    await vpn.alive(tunnel({ sign: 'interim' }));
    await vpn.settled();
    await vpn.alive(tunnel({ sign: 'interim' }));
    expect(asked).toHaveLength(2);
    await vpn.alive(tunnel());
    expect(asked).toHaveLength(3);
    await vpn.settled();
  });

  it('stay known while the server cannot be told, and the next sign of life tries again', async () => {
    const { disconnected, ends, failures, permit, sessions, state, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    state.denies = 'subject.suspended';
    state.isServerDown = true;
    await vpn.alive(tunnel({ sign: 'interim' }));
    await vpn.settled();
    expect(failures).toMatchObject([{ code: 'vpn.unavailable' }]);
    expect(await sessions.ofPerson(ann)).toHaveLength(1);
    expect(await ends()).toEqual([]);
    state.isServerDown = false;
    await vpn.alive(tunnel({ sign: 'interim' }));
    await vpn.settled();
    expect(disconnected).toHaveLength(1);
    expect(await ends()).toEqual(['subject.suspended']);
  });

  it('end with the server’s word, once', async () => {
    const { ends, permit, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    await vpn.stopped(STAFF, 'one', 'server:User-Request');
    await vpn.stopped(STAFF, 'one', 'server:User-Request');
    expect(await ends()).toEqual(['server:User-Request']);
  });

  it('are as many a person as allowed, and one more is ended', async () => {
    const { disconnected, permit, sessions, vpn } = await setUp();
    for (let index = 1; index <= VPN_SESSIONS_PER_PERSON_MAX + 1; index += 1) {
      await permit();
      await vpn.alive(tunnel({ serverSessionId: String(index) }));
      await vpn.settled();
      expect(disconnected).toHaveLength(index > VPN_SESSIONS_PER_PERSON_MAX ? 1 : 0);
    }
    expect(await sessions.ofPerson(ann)).toHaveLength(VPN_SESSIONS_PER_PERSON_MAX);
  });

  it('that a computer began with its certificate end with it, and the person’s others stay', async () => {
    const { disconnected, ends, oneTime, pass, sessions, vpn } = await setUp();
    const authentication = { amr: ['pop'], acr: 'urn:gatehouse:acr:certificate', userVerified: false, authenticatedAtMs: 900_000 };
    for (const name of ['laptop', 'tablet']) {
      const [decisionId, deviceId] = [`dec_${name}` as DecisionId, `dsk_${name}` as DeskDeviceId];
      const login = { authentication, correlation: 'vpn_flow', decisionId, ip: null, personId: ann, deviceId };
      await keepCertificateLogin(oneTime, STAFF, login, { nowMs: 1_000_000, expiresAtMs: 2_000_000 });
      // Whatever name the access point tells of.
      await vpn.alive(tunnel({ serverSessionId: name, userName: 'host/laptop', decisionId, nas: 'ap-1' }));
      pass(1);
    }
    expect((await sessions.ofPerson(ann)).map(({ deviceId, nas }) => [deviceId, nas])).toEqual([
      ['dsk_laptop', 'ap-1'],
      ['dsk_tablet', 'ap-1'],
    ]);
    await vpn.endAllOfDevice({ id: 'dsk_laptop' as DeskDeviceId, personId: ann }, 'desk.revoked');
    expect(disconnected).toEqual([['laptop']]);
    expect([await ends(), (await sessions.ofPerson(ann)).map(({ deviceId }) => deviceId)]).toEqual([['desk.revoked'], ['dsk_tablet']]);
    expect(await vpn.endAllOfDevice({ id: 'dsk_laptop' as DeskDeviceId, personId: ann }, 'desk.revoked')).toBe(0);
  });

  it('are forgotten when their server is silent for too long, or began anew', async () => {
    const { ends, pass, permit, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    pass(210_000);
    await vpn.sweep();
    expect(await ends()).toEqual([]);
    pass(1);
    await vpn.sweep();
    expect(await ends()).toEqual(['silent']);
    await permit();
    await vpn.alive(tunnel({ serverSessionId: 'two' }));
    await vpn.serverStarted(STAFF, null);
    expect(await ends()).toEqual(['silent', 'server_started']);
    await permit();
    await vpn.alive(tunnel({ serverSessionId: 'three', nas: 'ap-1' }));
    await vpn.serverStarted(STAFF, 'ap-2');
    expect(await ends()).toHaveLength(2);
    await vpn.serverStarted(STAFF, 'ap-1');
    expect(await ends()).toHaveLength(3);
  });
});

describe('the end of all of a person’s tunnels', () => {
  it('tells the server every name that it may know the person by, also when no tunnel is known', async () => {
    const { disconnected, vpn } = await setUp();
    expect(await vpn.endAllOf(ann, 'subject.suspended')).toBe(1);
    expect(disconnected).toEqual([['ann@example.test', 'person_ann']]);
  });

  it('is not acknowledged by a server that cannot be told, and the tunnel stays known', async () => {
    const { permit, sessions, state, vpn } = await setUp();
    await permit();
    await vpn.alive(tunnel());
    state.isServerDown = true;
    await expect(vpn.endAllOf(ann, 'subject.suspended')).rejects.toMatchObject({ code: 'vpn.unavailable' });
    expect(await sessions.ofPerson(ann)).toHaveLength(1);
  });

  it('is not acknowledged where a tunnel is up and no way to end it is configured', async () => {
    const { permit, vpn } = await setUp({ hasServer: false });
    expect(await vpn.endAllOf(ann, 'subject.suspended')).toBe(0);
    await permit();
    await vpn.alive(tunnel());
    await expect(vpn.endAllOf(ann, 'subject.suspended')).rejects.toMatchObject({ code: 'vpn.unavailable' });
  });
});
