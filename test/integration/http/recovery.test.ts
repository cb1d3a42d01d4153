import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { DecisionRecord } from '#gateway/domain/audit/record.ts';
import type { PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { MeView, PasskeysView } from '#gateway/http/contract/me.ts';
import type { RecoveryBadgesView, RecoveryOffer } from '#gateway/http/contract/recovery.ts';
import { PERSON_RATE_LIMITS, RATE_LIMITS } from '#gateway/http/middleware/rate-limits.ts';
import { signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { startOwnSideGateway, type OwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { someBadge } from '#test/support/people.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { enrolPerson, signInToConsole, useEnrolmentLink, type Enrolled } from '#test/support/oidc/sign-in.ts';

const WINDOW_S = 300;
const REASON = 'phone fell into the river';

let gateway: OwnSideGateway;
/** At the front desk. */
let desk: Enrolled;
let ann: Enrolled;

beforeEach(async () => {
  gateway = await startOwnSideGateway({ ownSide: { portal: { staffedReaders: ['main-in' as ReaderId], badgeWindowS: WINDOW_S } } });
  desk = await enrolPerson(gateway, 'desk', { roles: ['desk'] });
  ann = await enrolPerson(gateway, 'ann');
  await signInToConsole(gateway, desk);
});
afterEach(() => gateway.close());

interface Seen {
  readonly reader?: string;
  readonly agoS?: number;
  readonly record?: Partial<DecisionRecord>;
  readonly credential?: Partial<DecisionInput['context']['credential']>;
}

let decisions = 0;
const badgeOf = (personId: string) => someBadge(`of-${personId}`, { personId: personId as PersonId });
/** What the door thread records about a badge of the person's own. */
async function badge(personId: string, { reader = 'main-in', agoS = 0, record, credential }: Seen = {}): Promise<void> {
  const { context, ...asked } = sampleInput;
  const own = badgeOf(personId);
  if ((await gateway.credentials.badgesOf(own.personId)).length === 0) await gateway.credentials.saveBadge(own);
  const [{ id } = own] = await gateway.credentials.badgesOf(own.personId);
  const input = {
    ...asked,
    context: { ...context, pep: { ...context.pep, id: reader }, credential: { ...context.credential, id, ...credential } },
  };
  decisions += 1;
  await gateway.audit.append({
    type: 'decision',
    occurredAtMs: Date.now() - agoS * 1_000,
    decisionId: `dec_${String(decisions)}`,
    channel: 'osdp',
    action: 'door.unlock',
    personId,
    resourceType: 'door',
    resourceId: 'main',
    effect: 'permit',
    reasons: [],
    permits: ['door.granted'],
    obligations: [],
    policyRevision: 'p',
    dataRevision: 'd',
    epoch: 0,
    mode: 'online',
    latencyUs: 1,
    operatorReason: null,
    input,
    ...record,
  });
}

const recover = ({ browser }: Enrolled, personId: string, change: object = {}) =>
  browser.call<Answer<RecoveryOffer>>(`${gateway.publicUrl}/api/people/${personId}/recovery`, {
    evidence: 'badge',
    oldPasskeys: 'keep',
    reason: REASON,
    ...change,
  });
const badges = async ({ browser }: Enrolled) => browser.call<Answer<RecoveryBadgesView>>(`${gateway.publicUrl}/api/recovery/badges`);
const refused = (code: string) => ({ body: { error: { code } } });

describe('a badge at a staffed reader and an approver', () => {
  it('give a short-lived code, once, and the person is in again', async () => {
    await badge(ann.personId);
    const { status, body } = await recover(desk, ann.personId);
    expect([status, body]).toMatchObject([201, { passkeysRevoked: 0, closed: null }]);
    expect(body.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(body.expiresAtMs - Date.now()).toBeLessThanOrEqual(600_000);

    // Typed in small letters, with what looks alike.
    const typed = `${gateway.publicUrl}/enrol#${body.code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')}`;
    const again = await useEnrolmentLink(typed);
    expect(await signInToOwnSide(gateway, again)).toMatchObject({ status: 200, body: { person: { id: ann.personId } } });
    await expect(useEnrolmentLink(body.url)).rejects.toThrow();

    const told = (await gateway.records()).filter((record) => record.type === 'credential' && record.personId === ann.personId);
    expect(told.slice(-2)).toMatchObject([
      { event: 'enrolment_offered', cause: 'recovery:badge', operatorId: desk.personId },
      { event: 'enrolled', operatorId: desk.personId },
    ]);
  });

  it('show the desk who is there, and nobody who may not know', async () => {
    await gateway.people.save({ ...(await find('ann')), displayName: 'Ann Example' });
    await badge(ann.personId, { agoS: 20 });
    await badge(ann.personId, { agoS: 10 });
    expect((await badges(desk)).body.badges).toMatchObject([
      { personId: ann.personId, displayName: 'Ann Example', reader: 'main-in', site: 'HQ', passkeys: 1 },
    ]);
    const auditor = await enrolPerson(gateway, 'auditor', { roles: ['auditor'] });
    await signInToConsole(gateway, auditor);
    expect((await badges(auditor)).status).toBe(403);
    await signInToOwnSide(gateway, ann);
    expect((await badges(ann)).status).toBe(401);
  });

  it('are worth one code: the badge is shown again for another', async () => {
    await badge(ann.personId);
    expect((await recover(desk, ann.personId)).status).toBe(201);
    expect(await recover(desk, ann.personId)).toMatchObject({ status: 409, ...refused('recovery.badge_missing') });
    await badge(ann.personId);
    expect((await recover(desk, ann.personId)).status).toBe(201);
  });

  it.each<[string, Seen]>([
    ['of somebody else', { record: { personId: 'person_bob' } }],
    ['at a reader where nobody sits', { reader: 'servers-door-in' }],
    ['too long ago', { agoS: WINDOW_S + 1 }],
    ['in the future', { agoS: -60 }],
    ['that is reported lost', { credential: { status: 'lost' }, record: { effect: 'deny', reasons: ['credential.not_enabled'] } }],
    ['whose PIN was wrong', { record: { effect: 'deny', reasons: ['pin.invalid'] } }],
    ['whose PIN is still to come', { record: { obligations: [{ id: 'pin', within_s: 10 }] } }],
    ['whose holder’s face was another', { record: { effect: 'deny', reasons: ['face.mismatch'] } }],
    ['at an opened reader', { record: { effect: 'deny', reasons: ['reader.tampered'] } }],
    ['that was decided while the gateway was away', { record: { mode: 'leased' } }],
    ['of which a remote system told', { record: { channel: 'authzen' } }],
    ['without the facts of the decision', { record: { input: null } }],
  ])('do not count %s', async (_what, seen) => {
    await badge(ann.personId, seen);
    expect(await recover(desk, ann.personId)).toMatchObject({ status: 409, ...refused('recovery.badge_missing') });
  });

  it('do not count once the badge is reported lost, which may have been held there by whoever has it', async () => {
    await badge(ann.personId);
    expect((await badges(desk)).body.badges).toHaveLength(1);
    await gateway.credentials.setStatus(badgeOf(ann.personId).id, 'lost');
    expect((await badges(desk)).body.badges).toEqual([]);
    expect(await recover(desk, ann.personId)).toMatchObject({ status: 409, ...refused('recovery.badge_missing') });
  });

  it('count though the door stays shut: who has no grant there has a badge all the same', async () => {
    await badge(ann.personId, { record: { effect: 'deny', reasons: ['grant.missing'] } });
    expect((await recover(desk, ann.personId)).status).toBe(201);
  });

  it('are two people: nobody approves themselves, and nobody without the role', async () => {
    await badge(desk.personId);
    await badge(ann.personId);
    expect(await recover(desk, desk.personId)).toMatchObject({ status: 403 });
    const auditor = await enrolPerson(gateway, 'auditor', { roles: ['auditor'] });
    await signInToConsole(gateway, auditor);
    expect(await recover(auditor, ann.personId)).toMatchObject({ status: 403, ...refused('operator.not_authorized') });
    await signInToOwnSide(gateway, ann);
    expect((await recover(ann, ann.personId)).status).toBe(401);
  });

  it('give the desk no way into an operator’s account: that takes who enrols anybody', async () => {
    const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    const guard = await enrolPerson(gateway, 'guard', { roles: ['guard'] });
    await badge(guard.personId);
    expect(await recover(desk, guard.personId)).toMatchObject({ status: 403, ...refused('operator.not_authorized') });
    await signInToConsole(gateway, ada);
    expect((await recover(ada, guard.personId)).status).toBe(201);
  });

  it('wait for the reinstatement of who is suspended', async () => {
    await badge(ann.personId);
    await gateway.people.changeStanding({ personId: ann.personId, to: 'suspended', nowMs: Date.now() });
    expect(await recover(desk, ann.personId)).toMatchObject({ status: 409, ...refused('recovery.person_closed') });
  });

  it('are worth nothing once the person is suspended, nor once the approver is', async () => {
    await badge(ann.personId);
    const { body } = await recover(desk, ann.personId);
    await gateway.people.changeStanding({ personId: desk.personId, to: 'suspended', nowMs: Date.now() });
    await expect(useEnrolmentLink(body.url)).rejects.toThrow();
  });
});

describe('the old passkeys', () => {
  it('stay in use when the approver keeps them', async () => {
    await badge(ann.personId);
    await recover(desk, ann.personId);
    expect((await signInToOwnSide(gateway, ann)).status).toBe(200);
  });

  it('are blocked at once when the approver revokes them, with all that was open', async () => {
    await signInToOwnSide(gateway, ann);
    await badge(ann.personId);
    const { body } = await recover(desk, ann.personId, { oldPasskeys: 'revoke' });
    expect(body).toMatchObject({ passkeysRevoked: 1, closed: { sessions: 1, residual: [] } });
    expect((await ann.browser.call<MeView>(`${gateway.publicUrl}/api/me`)).body.person).toBeNull();
    expect((await signInToOwnSide(gateway, ann)).status).toBe(401);
    expect(await gateway.records()).toContainEqual(
      expect.objectContaining({ type: 'credential', event: 'revoked', cause: 'recovery', operatorId: desk.personId }),
    );

    const again = await useEnrolmentLink(body.url);
    expect((await signInToOwnSide(gateway, again)).status).toBe(200);
    expect((await gateway.credentials.passkeysOf(ann.personId)).map(({ status }) => status).sort()).toEqual(['active', 'revoked']);
  });
});

describe('an admin’s one-time code', () => {
  it('asks for no badge and for the right to enrol', async () => {
    const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    await signInToConsole(gateway, ada);
    const { status, body } = await recover(ada, ann.personId, { evidence: 'admin' });
    expect(status).toBe(201);
    expect((await signInToOwnSide(gateway, await useEnrolmentLink(body.url))).status).toBe(200);
    expect(await recover(desk, ann.personId, { evidence: 'admin' })).toMatchObject({ status: 403, ...refused('operator.not_authorized') });
    expect(await recover(ada, 'person_nobody', { evidence: 'admin' })).toMatchObject({ status: 404 });
  });

  it('takes a reason', async () => {
    expect(await recover(desk, ann.personId, { reason: ' ' })).toMatchObject({ status: 400 });
  });
});

describe('abuse', () => {
  it('finds no code by guessing: every wrong one is answered alike, and counted', async () => {
    await badge(ann.personId);
    const { body: offer } = await recover(desk, ann.personId);
    const guess = (token: string) => desk.browser.call<Answer<object>>(`${gateway.publicUrl}/api/enrolment/options`, { token });
    const wrong = await guess('AAAA-AAAA-AAAA-AAAA');
    expect(wrong.status).toBe(410);
    expect(await guess('0000-1111-2222-3333')).toEqual(wrong);
    const left = RATE_LIMITS.failedEnrolment - 2;
    const answers: number[] = [];
    for (let index = 0; index <= left; index += 1) answers.push((await guess(`AAAA-AAAA-AAAA-AA${String(10 + index)}`)).status);
    expect(answers).toEqual([...Array.from({ length: left }, () => 410), 429]);
    // Whoever has the code waits, too: nobody at this address learns more than that.
    expect((await guess(offer.code)).status).toBe(429);
  });

  it('lets one operator give so many ways in and no more', async () => {
    const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    await signInToConsole(gateway, ada);
    for (let index = 0; index < PERSON_RATE_LIMITS.recovery; index += 1) {
      expect((await recover(ada, ann.personId, { evidence: 'admin' })).status).toBe(201);
    }
    expect((await recover(ada, ann.personId, { evidence: 'admin' })).status).toBe(429);
    await badge(ann.personId);
    expect((await recover(desk, ann.personId)).status).toBe(201);
  });
});

it('makes a badge another way in: then the last passkey may go', async () => {
  await signInToOwnSide(gateway, ann);
  const list = async () =>
    (
      await ann.browser.call<{ passkeys: { id: string; notRemovable: string | null }[]; recovery: object }>(
        `${gateway.publicUrl}/api/me/passkeys`,
      )
    ).body;
  expect(await list()).toMatchObject({
    passkeys: [{ notRemovable: 'passkey.last_way_in' }],
    recovery: { registered: false, from: 'administrator', places: [{ reader: 'main-in', site: 'HQ' }] },
  });
  await gateway.credentials.saveBadge(someBadge('1', { personId: ann.personId }));
  const { passkeys, recovery } = await list();
  expect([passkeys[0]?.notRemovable, recovery]).toMatchObject([null, { registered: true }]);
  const path = `${gateway.publicUrl}/api/me/passkeys/${passkeys[0]?.id ?? ''}/remove`;
  expect((await ann.browser.call(path, { because: 'lost' })).status).toBe(200);
  await badge(ann.personId);
  const { body } = await recover(desk, ann.personId);
  expect((await signInToOwnSide(gateway, await useEnrolmentLink(body.url))).status).toBe(200);
});

describe('an operator’s last passkey', () => {
  const own = async ({ browser }: Enrolled) => (await browser.call<PasskeysView>(`${gateway.publicUrl}/api/me/passkeys`)).body;
  const removeLast = async (who: Enrolled) => {
    const [only] = (await own(who)).passkeys;
    return who.browser.call<Answer<object>>(`${gateway.publicUrl}/api/me/passkeys/${only?.id ?? ''}/remove`, { because: 'unused' });
  };
  let boss: Enrolled;
  beforeEach(async () => {
    boss = await enrolPerson(gateway, 'boss', { roles: ['security_admin'] });
    await gateway.credentials.saveBadge(someBadge('b', { personId: boss.personId }));
    await signInToOwnSide(gateway, boss);
  });

  it('stays while nobody else could give them another one: the desk may not, whatever badge they hold', async () => {
    expect(await own(boss)).toMatchObject({
      passkeys: [{ notRemovable: 'passkey.last_way_in' }],
      recovery: { registered: false, from: 'nobody' },
    });
    expect(await removeLast(boss)).toMatchObject({ status: 409, ...refused('passkey.last_way_in') });
  });

  it.each<[string, (second: Enrolled) => Promise<unknown>]>([
    ['is suspended', ({ personId }) => gateway.people.changeStanding({ personId, to: 'suspended', nowMs: Date.now() })],
    [
      'has no passkey',
      async ({ personId }) => {
        for (const { id } of await gateway.credentials.passkeysOf(personId)) await gateway.credentials.setStatus(id, 'revoked');
      },
    ],
  ])('stays while the only other administrator %s', async (_what, change) => {
    await change(await enrolPerson(gateway, 'second', { roles: ['security_admin'] }));
    expect(await removeLast(boss)).toMatchObject({ status: 409, ...refused('passkey.last_way_in') });
  });

  it('may go where another administrator gives them the code, of two administrators only one’s', async () => {
    const second = await enrolPerson(gateway, 'second', { roles: ['security_admin'] });
    await gateway.credentials.saveBadge(someBadge('s', { personId: second.personId }));
    await signInToOwnSide(gateway, second);
    expect((await own(boss)).recovery).toMatchObject({ registered: true, from: 'administrator' });
    const answers = await Promise.all([removeLast(boss), removeLast(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

async function find(name: string) {
  return (await gateway.people.find(`person_${name}` as never)) ?? expect.fail();
}
