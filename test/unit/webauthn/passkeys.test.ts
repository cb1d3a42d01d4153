import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createAuthenticationCeremonies } from '#gateway/webauthn/authentication.ts';
import { createEnrolmentCeremonies } from '#gateway/webauthn/enrolment.ts';
import { CHALLENGE_TTL_MS } from '#gateway/webauthn/settings.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { SoftwareAuthenticator, type CreationOptions, type RequestOptions } from '#test/support/oidc/software-authenticator.ts';

const ORIGIN = 'https://gate.example.test';
const LINK_TTL_S = 900;

function createCeremonies() {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const deps = {
    settings: { publicUrl: ORIGIN, enrolmentLinkTtlS: LINK_TTL_S },
    people: createMemoryPeopleStore(),
    credentials: createMemoryCredentialStore(),
    oneTime: createMemoryOneTimeStore(),
    audit: createMemoryAuditLog({ clock }),
    clock,
    random: createSystemRandom(),
  };
  const pass = (ms: number): void => void (nowMs += ms);
  return { ...deps, pass, enrolment: createEnrolmentCeremonies(deps), authentication: createAuthenticationCeremonies(deps) };
}

let gate = createCeremonies();
let authenticator = new SoftwareAuthenticator({ origin: ORIGIN });

async function offer(person = personId('ann'), operator = personId('ada')): Promise<string> {
  const { url } = await gate.enrolment.offer({ personId: person, operatorId: operator });
  return new URL(url).hash.slice(1);
}

async function enrol(device = authenticator, person = personId('ann')): Promise<void> {
  const { ceremonyId, options } = await gate.enrolment.begin(await offer(person));
  await gate.enrolment.finish(ceremonyId, device.create(options as CreationOptions));
}

async function authenticate(device = authenticator, flows: { begin: string; finish: string } = { begin: 'f', finish: 'f' }) {
  const { ceremonyId, options } = await gate.authentication.begin(flows.begin);
  return gate.authentication.finish(flows.finish, ceremonyId, device.get(options as RequestOptions));
}

beforeEach(async () => {
  gate = createCeremonies();
  authenticator = new SoftwareAuthenticator({ origin: ORIGIN });
  await gate.people.save(somePerson('ann'));
  await gate.people.save(somePerson('ada', { roles: ['security_admin'] }));
});

describe('enrolment', () => {
  it('asks for a discoverable, user-verified passkey that is not there yet', async () => {
    await enrol();
    const { options } = await gate.enrolment.begin(await offer());

    expect(options).toMatchObject({
      rp: { id: 'gate.example.test' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [{ type: 'public-key' }],
    });
  });

  it('keeps the link alive until its time is over, and not longer', async () => {
    const token = await offer();
    gate.pass(LINK_TTL_S * 1_000 - 1);
    await gate.enrolment.begin(token);
    gate.pass(1);
    await expect(gate.enrolment.begin(token)).rejects.toMatchObject({ code: 'enrolment.invalid' });
  });

  it('uses a link up with the first passkey', async () => {
    const token = await offer();
    const [first, second] = [await gate.enrolment.begin(token), await gate.enrolment.begin(token)];
    await gate.enrolment.finish(first.ceremonyId, authenticator.create(first.options as CreationOptions));

    const other = new SoftwareAuthenticator({ origin: ORIGIN });
    await expect(gate.enrolment.finish(second.ceremonyId, other.create(second.options as CreationOptions))).rejects.toMatchObject({
      code: 'enrolment.invalid',
    });
    expect(await gate.credentials.passkeysOf(personId('ann'))).toHaveLength(1);
  });

  it('leaves the link usable after an attempt that failed', async () => {
    const token = await offer();
    const failed = await gate.enrolment.begin(token);
    const unverified = new SoftwareAuthenticator({ origin: ORIGIN, verifiesUser: false });
    await expect(gate.enrolment.finish(failed.ceremonyId, unverified.create(failed.options as CreationOptions))).rejects.toMatchObject({
      code: 'enrolment.invalid',
    });

    const next = await gate.enrolment.begin(token);
    await gate.enrolment.finish(next.ceremonyId, authenticator.create(next.options as CreationOptions));
    expect(await gate.credentials.anyPasskey()).toBe(true);
  });

  it('refuses another origin, another challenge and rubbish', async () => {
    const { ceremonyId, options } = await gate.enrolment.begin(await offer());
    const elsewhere = new SoftwareAuthenticator({ origin: 'https://evil.example.test' });
    await expect(gate.enrolment.finish(ceremonyId, elsewhere.create(options as CreationOptions))).rejects.toMatchObject({
      code: 'enrolment.invalid',
    });
    const second = await gate.enrolment.begin(await offer());
    const wrong = authenticator.create({ ...(second.options as CreationOptions), challenge: 'AAAA' });
    await expect(gate.enrolment.finish(second.ceremonyId, wrong)).rejects.toMatchObject({ code: 'enrolment.invalid' });
    const third = await gate.enrolment.begin(await offer());
    await expect(gate.enrolment.finish(third.ceremonyId, { id: 7 })).rejects.toMatchObject({ code: 'enrolment.invalid' });
  });

  it('refuses a person who has been suspended since the link was made', async () => {
    const token = await offer();
    await gate.people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: 1 });

    await expect(gate.enrolment.begin(token)).rejects.toMatchObject({ code: 'enrolment.invalid' });
  });

  it('records the offer and the enrolment, and keeps no token', async () => {
    const token = await offer();
    await enrol();

    const records = (await gate.audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record);
    expect(records).toMatchObject([
      { event: 'enrolment_offered', operatorId: personId('ada') },
      { event: 'enrolment_offered' },
      { event: 'enrolled', kind: 'passkey', personId: personId('ann'), operatorId: personId('ada') },
    ]);
    expect(JSON.stringify(records)).not.toContain(token);
  });
});

const LINK_REFUSED = { code: 'enrolment.invalid' };
const alarms = async () =>
  (await gate.audit.read({ from: { afterSeq: 0 }, limit: 50 })).map(({ record }) => record).filter(({ type }) => type === 'alarm');

describe('a link of an operator', () => {
  it.each(['suspended', 'departed'] as const)('ends when they are %s, before and after it was opened', async (to) => {
    const token = await offer();
    const opened = await gate.enrolment.begin(token);
    await gate.people.changeStanding({ personId: personId('ada'), to, nowMs: 1 });

    await expect(gate.enrolment.begin(token)).rejects.toMatchObject(LINK_REFUSED);
    const response = authenticator.create(opened.options as CreationOptions);
    await expect(gate.enrolment.finish(opened.ceremonyId, response)).rejects.toMatchObject(LINK_REFUSED);
    expect(await gate.credentials.passkeysOf(personId('ann'))).toEqual([]);
  });

  it('is worth nothing when nobody knows the operator', async () => {
    const token = await offer(personId('ann'), personId('nobody'));
    await expect(gate.enrolment.begin(token)).rejects.toMatchObject(LINK_REFUSED);
  });

  it('may be one of the host, who is no person', async () => {
    const token = await offer(personId('ann'), 'local' as ReturnType<typeof personId>);
    expect(await gate.enrolment.begin(token)).toMatchObject({ displayName: 'Person ann' });
  });

  it('of an earlier version, which names no operator, has expired', async () => {
    const put = gate.oneTime.put.bind(gate.oneTime);
    gate.oneTime.put = async (item) =>
      put({ ...item, payloadJson: JSON.stringify({ personId: personId('ann'), expiresAtMs: item.expiresAtMs }) });
    await expect(gate.enrolment.begin(await offer())).rejects.toMatchObject(LINK_REFUSED);
  });
});

describe('a suspension that meets an enrolment', () => {
  it.each(['ann', 'ada'])('of %s takes back the passkey that it did not see', async (name) => {
    const addPasskey = gate.credentials.addPasskey.bind(gate.credentials);
    gate.credentials.addPasskey = async (passkey) => {
      await gate.people.changeStanding({ personId: personId(name), to: 'suspended', nowMs: 1 });
      await addPasskey(passkey);
    };

    await expect(enrol()).rejects.toMatchObject(LINK_REFUSED);

    expect(await gate.credentials.passkeysOf(personId('ann'))).toMatchObject([{ status: 'revoked' }]);
    const records = (await gate.audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record);
    expect(records.at(-1)).toMatchObject({ event: 'revoked', kind: 'passkey', personId: personId('ann'), cause: 'enrolment_closed' });
  });
});

describe('a further passkey', () => {
  it('of an operator is an alarm, the first one is not', async () => {
    const ada = personId('ada');
    await gate.people.save(somePerson('bob', { roles: ['security_admin'] }));
    const enrolAda = async (): Promise<void> => {
      const { ceremonyId, options } = await gate.enrolment.begin(await offer(ada, personId('bob')));
      await gate.enrolment.finish(ceremonyId, new SoftwareAuthenticator({ origin: ORIGIN }).create(options as CreationOptions));
    };
    await enrolAda();
    expect(await alarms()).toEqual([]);
    await enrolAda();
    expect(await alarms()).toMatchObject([
      { code: 'operator.passkey_added', sourceType: 'gateway', sourceId: ada, personId: ada, active: true },
    ]);
  });

  it('of an operator whose earlier ones are all revoked is none', async () => {
    const ada = personId('ada');
    await enrol(authenticator, ada);
    for (const { id } of await gate.credentials.passkeysOf(ada)) await gate.credentials.setStatus(id, 'revoked');
    await enrol(new SoftwareAuthenticator({ origin: ORIGIN }), ada);
    expect(await alarms()).toEqual([]);
  });

  it('of somebody who operates nothing is none', async () => {
    await enrol();
    await enrol(new SoftwareAuthenticator({ origin: ORIGIN }));
    expect(await alarms()).toEqual([]);
  });
});

describe('authentication', () => {
  it('finds the person by the passkey alone, and raises the stored counter', async () => {
    await enrol();

    const outcome = await authenticate();

    expect(outcome).toMatchObject({
      ok: true,
      personId: personId('ann'),
      authentication: { userVerified: true, acr: 'urn:gatehouse:acr:passkey' },
    });
    expect((await gate.credentials.passkeysOf(personId('ann')))[0]?.counter).toBe(1);
  });

  it.each([
    ['bound to its device', { atEnrolment: false, now: false }, 'hwk'],
    ['synced', { atEnrolment: true, now: true }, 'swk'],
    ['synced only since', { atEnrolment: false, now: true }, 'swk'],
    ['synced once', { atEnrolment: true, now: false }, 'swk'],
  ])('calls a key %s what it is', async (_what, { atEnrolment, now }, method) => {
    const device = new SoftwareAuthenticator({ origin: ORIGIN, backedUp: atEnrolment });
    await enrol(device);
    expect(await authenticate(device.clone({ backedUp: now }))).toMatchObject({ authentication: { amr: [method, 'user', 'mfa'] } });
  });

  it('accepts a passkey that has no counter, again and again', async () => {
    const synced = new SoftwareAuthenticator({ origin: ORIGIN, counts: false });
    await enrol(synced);

    expect([(await authenticate(synced)).ok, (await authenticate(synced)).ok]).toEqual([true, true]);
  });

  it('refuses the clone of a passkey once the other has been used', async () => {
    await enrol();
    await authenticate();
    const clone = authenticator.clone();
    await authenticate();

    expect(await authenticate(clone)).toEqual({ ok: false, cause: 'counter_mismatch' });
  });

  it.each([
    ['without user verification', () => authenticator.clone({ verifiesUser: false }), 'assertion_invalid'],
    ['from another origin', () => authenticator.clone({ origin: 'https://evil.example.test' }), 'assertion_invalid'],
  ])('refuses an assertion %s', async (_what, device, cause) => {
    await enrol();
    expect(await authenticate(device())).toEqual({ ok: false, cause });
  });

  it('refuses a challenge of another flow, a used one and an old one', async () => {
    await enrol();
    expect(await authenticate(authenticator, { begin: 'console', finish: 'interaction:1' })).toEqual({
      ok: false,
      cause: 'challenge_unknown',
    });

    const { ceremonyId, options } = await gate.authentication.begin('f');
    const answer = authenticator.get(options as RequestOptions);
    expect((await gate.authentication.finish('f', ceremonyId, answer)).ok).toBe(true);
    expect(await gate.authentication.finish('f', ceremonyId, answer)).toEqual({ ok: false, cause: 'challenge_unknown' });

    const late = await gate.authentication.begin('f');
    gate.pass(CHALLENGE_TTL_MS);
    expect(await gate.authentication.finish('f', late.ceremonyId, authenticator.get(late.options as RequestOptions))).toEqual({
      ok: false,
      cause: 'challenge_unknown',
    });
  });

  it('refuses an unknown passkey, a blocked one, another person’s handle and rubbish', async () => {
    await enrol();
    const stranger = new SoftwareAuthenticator({ origin: ORIGIN });
    stranger.create({ challenge: 'x', rp: { id: 'gate.example.test' }, user: { id: 'eA' } });
    expect(await authenticate(stranger)).toEqual({ ok: false, cause: 'credential_unknown' });

    const { ceremonyId, options } = await gate.authentication.begin('f');
    const answer = authenticator.get(options as RequestOptions);
    const misattributed = { ...answer, response: { ...answer.response, userHandle: Buffer.from('person_bob').toString('base64url') } };
    expect(await gate.authentication.finish('f', ceremonyId, misattributed)).toEqual({ ok: false, cause: 'user_handle_mismatch' });

    const next = await gate.authentication.begin('f');
    expect(await gate.authentication.finish('f', next.ceremonyId, 'rubbish')).toEqual({ ok: false, cause: 'response_malformed' });

    const [passkey] = await gate.credentials.passkeysOf(personId('ann'));
    if (passkey !== undefined) await gate.credentials.setStatus(passkey.id, 'lost');
    expect(await authenticate()).toEqual({ ok: false, cause: 'credential_blocked' });
  });

  it('records every refusal with its cause', async () => {
    await enrol();
    await authenticate(authenticator.clone({ verifiesUser: false }));

    const records = (await gate.audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record);
    expect(records.at(-1)).toMatchObject({
      type: 'credential',
      event: 'authentication_failed',
      cause: 'assertion_invalid',
      personId: personId('ann'),
    });
  });
});
