import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createApprovals } from '#gateway/app/vpn/approvals.ts';
import { createPendingConnections } from '#gateway/app/vpn/pending-connections.ts';
import {
  createPush,
  PUSH_WAIT_MS,
  PUSHES_OF_ADDRESS_MAX,
  PUSHES_OF_PERSON,
  PUSHES_WAITING_MAX,
  type PushAttempt,
} from '#gateway/app/vpn/push.ts';
import type { DecisionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { personId, somePerson } from '#test/support/people.ts';

const STAFF = 'staff' as VpnRealmId;
const ann = personId('ann');
const attempt = (change: Partial<PushAttempt> = {}): PushAttempt => ({
  realmId: STAFF,
  userName: 'ann@example.test',
  word: '42',
  ip: '203.0.113.9',
  nas: 'vpn-1',
  ...change,
});

async function setUp() {
  let nowMs = 1_000;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const people = createMemoryPeopleStore();
  for (const name of ['ann', 'bob']) await people.save(somePerson(name));
  const approvals = createApprovals({ clock, random: createSystemRandom(), networkOf: (ip) => ip });
  const audit = createMemoryAuditLog({ clock });
  const push = createPush({
    realms: [
      { realmId: STAFF, sessionTtlS: 3_600, interimS: 60, push: true, certificates: null },
      { realmId: 'codes' as VpnRealmId, sessionTtlS: 3_600, interimS: 60, push: false, certificates: null },
    ],
    approvals,
    people,
    audit,
    clock,
    after: (delayMs, run) => {
      timers.push({ atMs: nowMs + delayMs, run });
      return () => undefined;
    },
    codePage: 'https://gate.example.test/vpn',
    approvalPage: 'https://gate.example.test/oidc/approve',
  });
  const accept = { kind: 'accept', personId: ann, decisionId: 'dec_1' as DecisionId } as const;
  const pending = createPendingConnections({
    approvals,
    people,
    realms: [{ id: STAFF, name: 'Staff VPN' }],
    approveConnection: async (id) => (approvals.settle(id, accept) ? { ok: true } : { ok: false, code: 'gone' }),
  });
  const authentication = { amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 900 };
  return {
    push,
    pending,
    /** Until everything that was asked for is held or refused. */
    held: () => new Promise((resolve) => setImmediate(resolve)),
    answer: async (kind: 'approve' | 'refuse', by = ann) => {
      const [first] = await pending.pendingOf(ann);
      return pending.answer({ personId: by, authentication, requestId: first?.id ?? '', answer: kind });
    },
    pass: (ms: number) => {
      nowMs += ms;
      for (const timer of timers.splice(0)) {
        if (timer.atMs <= nowMs) timer.run();
        else timers.push(timer);
      }
    },
    causes: async () =>
      (await audit.read({ from: { afterSeq: 0 }, limit: 100 })).flatMap(({ record }) =>
        record.type === 'credential' ? [record.cause] : [],
      ),
  };
}

describe('a connection without a code', () => {
  it('is held until its person says yes, and the page says where it comes from and what was typed', async () => {
    const { answer, held, pending, push } = await setUp();
    const outcome = push(attempt());
    await held();
    expect(await pending.pendingOf(ann)).toMatchObject([{ realmName: 'Staff VPN', about: ['203.0.113.9', 'vpn-1', '42'] }]);
    expect(await pending.pendingOf(personId('bob'))).toEqual([]);
    expect(await answer('approve', personId('bob'))).toBeNull();
    expect(await answer('approve')).toEqual({ outcome: 'approved' });
    expect(await outcome).toEqual({ ok: true, personId: ann, decisionId: 'dec_1', sessionTtlS: 3_600, interimS: 60 });
    expect(await answer('approve')).toBeNull();
  });

  it('is refused when the person says no, and when nobody says anything, whoever the name may be', async () => {
    const { answer, causes, held, pass, push } = await setUp();
    const refused = push(attempt());
    await held();
    expect(await answer('refuse')).toEqual({ outcome: 'refused' });
    expect(await refused).toMatchObject({ ok: false, message: expect.stringMatching(/^You refused this connection/) as string });
    const [known, unknown] = [push(attempt()), push(attempt({ userName: 'nobody@example.test', ip: '203.0.113.10' }))];
    await held();
    pass(PUSH_WAIT_MS);
    expect(await known).toEqual(await unknown);
    expect(await known).toMatchObject({ ok: false, message: expect.stringMatching(/^Nobody said yes/) as string });
    expect(await causes()).toEqual(['push_refused', 'push_unanswered', 'push_unanswered']);
  });

  it('is refused beside another of the person, even one that looks the same', async () => {
    const { answer, held, pending, push } = await setUp();
    const first = push(attempt());
    await held();
    for (const change of [{}, { ip: '203.0.113.66' }, { userName: ann }]) {
      const another = await push(attempt(change));
      expect(another).toMatchObject({ ok: false, message: expect.stringMatching(/^Another connection/) as string });
    }
    expect(await pending.pendingOf(ann)).toHaveLength(1);
    await answer('approve');
    expect((await first).ok).toBe(true);
  });

  it('is refused beyond what a person, an address and a realm may have', async () => {
    const { held, pass, push } = await setUp();
    const silence = async (count: number, change: (index: number) => Partial<PushAttempt>) => {
      const all = Array.from({ length: count }, (_, index) => push(attempt(change(index))));
      await held();
      pass(PUSH_WAIT_MS);
      return (await Promise.all(all)).map((one) => (one.ok ? '' : one.message.slice(0, 6)));
    };
    const [person, spent] = [{ userName: 'usr' }, { userName: 'usr' }];
    for (let count = 0; count < PUSHES_OF_PERSON.max; count += 1) expect(await silence(1, () => person)).toEqual(['Nobody']);
    expect(await silence(1, () => spent)).toEqual(['Too ma']);
    pass(PUSHES_OF_PERSON.windowMs);
    expect(await silence(1, () => spent)).toEqual(['Nobody']);
    const ofAddress = await silence(PUSHES_OF_ADDRESS_MAX + 1, (index) => ({ userName: `address-${String(index)}` }));
    expect(ofAddress).toEqual([...Array.from({ length: PUSHES_OF_ADDRESS_MAX }, () => 'Nobody'), 'Too ma']);
    const ofRealm = await silence(PUSHES_WAITING_MAX + 1, (index) => ({ userName: `realm-${String(index)}`, ip: null }));
    expect(ofRealm).toEqual([...Array.from({ length: PUSHES_WAITING_MAX }, () => 'Nobody'), 'Too ma']);
    expect((await push(attempt({ realmId: 'none' as VpnRealmId }))).ok).toBe(false);
    expect(await push(attempt({ realmId: 'codes' as VpnRealmId }))).toMatchObject({
      message: expect.stringMatching(/^Get a code at/) as string,
    });
  });
});
