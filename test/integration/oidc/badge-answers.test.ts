import * as client from 'openid-client';
import { afterEach, expect, it, vi } from 'vitest';
import type { DecisionId, ReaderId } from '#gateway/domain/site/ids.ts';
import { BADGE_ANSWER_WINDOW_S, BADGES_IN_FLIGHT_MAX, BadgeAnswers } from '#gateway/oidc/sign-in/badge-answers.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import { someDecision, someOutcome } from '#test/support/audit-records.ts';
import { startHttpGateway, type HttpGatewayOptions } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

const DESK = 'desk-reader' as ReaderId;
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Badging {
  readonly reader?: string;
  readonly pin?: boolean;
  readonly outcome?: 'unlocked' | 'withheld' | 'unlock_failed' | null;
  readonly effect?: 'permit' | 'deny';
  /** Seconds after the request of the app. */
  readonly afterS?: number;
}

async function start(options: Partial<HttpGatewayOptions> & { readonly takesBadge?: boolean } = {}) {
  const { takesBadge = true, ...rest } = options;
  const kiosk = clientWith({ grants: ['ciba', 'refresh_token'], takesBadge }, { clientId: 'kiosk', redirectUris: [] });
  const gateway = await startHttpGateway({ clients: [kiosk], ...rest });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ann');
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET), 'kiosk');
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  cleanUp.push(
    new BadgeAnswers({ audit: gateway.audit, backChannel: gateway.provider.backChannel, readers: new Set([DESK]), log }).follow(),
  );

  let badges = 0;
  const badge = async ({ afterS = 1, effect = 'permit', outcome = 'unlocked', pin = true, reader = DESK }: Badging = {}) => {
    const decisionId = `decision_desk_${String((badges += 1))}` as DecisionId;
    const { context } = sampleInput;
    const credential = { ...context.credential, pin: { ...context.credential.pin, ok: pin } };
    const input = { ...sampleInput, context: { ...context, credential, pep: { ...context.pep, id: reader } } };
    const occurredAtMs = Date.now() + afterS * 1_000;
    await gateway.audit.append(someDecision(decisionId, { personId: person.personId, effect, input, occurredAtMs }));
    if (outcome !== null) await gateway.audit.append(someOutcome(decisionId, { personId: person.personId, outcome }));
  };
  const ask = (message = 'Desk 3') =>
    client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: 'ann@example.test', binding_message: message });
  const poll = (asked: client.BackchannelAuthenticationResponse) =>
    client.genericGrantRequest(config, 'urn:openid:params:grant-type:ciba', { auth_req_id: asked.auth_req_id });
  const answered = async (asked: client.BackchannelAuthenticationResponse) =>
    vi.waitFor(async () => poll(asked), { timeout: 10_000, interval: 20 });
  /** Everything of the log was heard, and what it led to is done. */
  const settled = async () => {
    for (let round = 0; round < 20; round += 1) await new Promise(setImmediate);
  };
  return { gateway, person, config, badge, ask, poll, answered, settled, lines };
}

const pendingStill = { error: 'authorization_pending' };

it('takes a badge with its PIN at a shared desk for the yes to what the app asked', async () => {
  const { answered, ask, badge, gateway, person } = await start();
  const asked = await ask();
  await badge();
  const tokens = await answered(asked);
  expect(tokens.claims()).toMatchObject({ sub: person.personId, acr: 'urn:gatehouse:acr:badge', amr: ['badge', 'pin', 'mfa'] });
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login']);
});

it('says at a refresh what the badge proved, and never that it was a passkey', async () => {
  const asked: unknown[] = [];
  const { answered, ask, badge, config } = await start({
    judgeApp: ({ action, authentication }) => {
      asked.push([action, authentication?.acr, authentication?.userVerified]);
      return 'permit';
    },
  });
  const request = await ask();
  await badge({ pin: false });
  const tokens = await answered(request);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(refreshed.claims()).toMatchObject({ acr: 'urn:gatehouse:acr:badge', amr: ['badge'] });
  expect(asked).toEqual(['app.login', 'token.refresh'].map((action) => [action, 'urn:gatehouse:acr:badge', false]));
});

it('asks the policy about the app with what the badge proved, and passes its deny on', async () => {
  const seen: unknown[] = [];
  const { ask, badge, poll } = await start({
    judgeApp: ({ authentication }) => {
      seen.push(authentication);
      return 'grant.missing';
    },
  });
  const asked = await ask();
  await badge({ pin: false });
  await vi.waitFor(async () => expect(poll(asked)).rejects.toMatchObject({ error: 'access_denied' }), { timeout: 10_000 });
  expect(seen).toMatchObject([{ acr: 'urn:gatehouse:acr:badge', userVerified: false, amr: ['badge'] }]);
});

it.each<[string, Badging]>([
  ['at another reader', { reader: 'main-in' }],
  ['that is denied at the door', { effect: 'deny', outcome: null }],
  ['whose door did not move', { outcome: 'unlock_failed' }],
  ['whose permit waits for something', { outcome: 'withheld' }],
  ['before the app asked', { afterS: -30 }],
  ['long after the app asked', { afterS: BADGE_ANSWER_WINDOW_S + 2 }],
])('answers nothing by a badge %s', async (_what, badging) => {
  const { ask, badge, gateway, poll, settled } = await start();
  const asked = await ask();
  await badge(badging);
  await settled();
  await expect(poll(asked)).rejects.toMatchObject(pendingStill);
  expect(gateway.decisions).toEqual([]);
});

it('answers no app that does not take badges', async () => {
  const { ask, badge, poll, settled } = await start({ takesBadge: false });
  const asked = await ask();
  await badge();
  await settled();
  await expect(poll(asked)).rejects.toMatchObject(pendingStill);
});

it('answers none of two requests: a stranger may have asked at the same moment', async () => {
  const { ask, badge, lines, poll, settled } = await start();
  const first = await ask();
  const second = await ask('Desk 4');
  await badge();
  await settled();
  await expect(poll(first)).rejects.toMatchObject(pendingStill);
  await expect(poll(second)).rejects.toMatchObject(pendingStill);
  expect(lines.join()).toContain('oidc.badge_ambiguous');
});

it('does not give a badge for a passkey, where the app wants one', async () => {
  const { badge, gateway, person, poll } = await start();
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET), 'kiosk');
  const asked = await client.initiateBackchannelAuthentication(config, {
    scope: 'openid',
    login_hint: 'ann@example.test',
    binding_message: 'Desk 3',
    acr_values: 'urn:gatehouse:acr:aal2',
  });
  await badge();
  await vi.waitFor(() => expect(gateway.decisions).toHaveLength(1));
  await expect(poll(asked)).rejects.toMatchObject(pendingStill);
  expect(await gateway.provider.backChannel.pendingOf(person.personId)).toHaveLength(1);
});

it('forgets the oldest of more permits than it holds, and keeps the newest', async () => {
  const { answered, ask, badge, gateway, poll, settled } = await start();
  const asked = await ask();
  await badge({ outcome: null });
  for (let i = 0; i < BADGES_IN_FLIGHT_MAX; i += 1) await badge({ outcome: null });
  await gateway.audit.append(someOutcome('decision_desk_1'));
  await settled();
  await expect(poll(asked)).rejects.toMatchObject(pendingStill);
  await gateway.audit.append(someOutcome('decision_desk_2'));
  await expect(answered(asked)).resolves.toMatchObject({ token_type: 'bearer' });
});
