import { expect, it } from 'vitest';
import type { AuthorizeAppRequest } from '#gateway/app/access/types.ts';
import { createEndLapsedSessions } from '#gateway/app/presence/end-lapsed-sessions.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { AppId, DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { SignIn } from '#gateway/ports/live-sessions.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const ADA = 'usr_ada' as PersonId;
const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'r', epoch: 0 };
const permit: Decision = { ...stamp, effect: 'permit', permits: ['token.granted'], obligations: [], ttlS: 300 };
const left = denyBecause(stamp, 'presence.required');
const signIn = (kind: SignIn['kind'], ...appIds: readonly string[]): SignIn => ({
  id: `of ${appIds.join(' and ')}`,
  kind,
  startedAtMs: 0,
  expiresAtMs: null,
  apps: appIds.map((appId) => ({ appId: appId as AppId, clientId: `${appId}-client`, startedAtMs: 0 })),
});

function createRig(signIns: readonly SignIn[], judge: (clientId: string) => Decision) {
  const asked: AuthorizeAppRequest[] = [];
  const ended: string[] = [];
  const end = createEndLapsedSessions({
    sites: createSiteMap(sampleInstallation),
    liveSessions: {
      ofPerson: () => expect.fail('an app may keep access without a session'),
      signInOf: () => Promise.resolve(null),
      endAllOf: () => expect.fail('only what lapsed is ended'),
      endOne: () => expect.fail('only parts of sessions are ended'),
      signInsOf: () => Promise.resolve(signIns),
      endGrant: () => expect.fail('only what lapsed is ended'),
      endAppOf: (personId, appId, cause) => {
        ended.push(`${personId} ${appId} ${cause}`);
        return Promise.resolve({ sessions: 1, tokens: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 1 });
      },
    },
    authorizeApp: (request) => {
      asked.push(request);
      return Promise.resolve(judge(request.clientId));
    },
  });
  return { asked, ended, end };
}

it('ends the sessions that would not be refreshed now, with the reason, and no other', async () => {
  const { end, ended } = createRig([signIn('browser', 'wiki', 'server-console')], (clientId) =>
    clientId === 'server-console-client' ? left : permit,
  );
  expect(await end(ADA, 'presence:9')).toBe(1);
  expect(ended).toEqual(['usr_ada server-console presence.required']);
});

it('asks as a refresh from nowhere, which names its cause', async () => {
  const { end, asked } = createRig([signIn('browser', 'wiki')], () => permit);
  await end(ADA, 'presence:9');
  expect(asked).toEqual([
    {
      action: 'token.refresh',
      personId: ADA,
      clientId: 'wiki-client',
      network: { source: 'none' },
      authentication: null,
      correlation: 'presence:9',
    },
  ]);
});

it('asks once for an app with several sessions', async () => {
  const { end, asked, ended } = createRig([signIn('browser', 'wiki'), signIn('browser', 'wiki')], () => left);
  await end(ADA, 'presence:9');
  expect([asked.length, ended.length]).toEqual([1, 1]);
});

it('asks about an app that keeps access without a browser', async () => {
  const { end, ended } = createRig([signIn('app', 'wiki')], () => left);
  expect(await end(ADA, 'presence:9')).toBe(1);
  expect(ended).toEqual(['usr_ada wiki presence.required']);
});

it('asks nothing about somebody without sessions', async () => {
  const { end, asked } = createRig([], () => left);
  expect(await end(ADA, 'presence:9')).toBe(0);
  expect(asked).toEqual([]);
});
