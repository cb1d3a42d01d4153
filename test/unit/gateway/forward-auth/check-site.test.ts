import { describe, expect, it } from 'vitest';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createReliedAnswers, RELY_MS_MAX } from '#gateway/app/access/relied-answers.ts';
import type { AuthorizeAppRequest } from '#gateway/app/access/types.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { AppId, DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import { createCheckSite, SITE_DENIAL_MS } from '#gateway/forward-auth/check-site.ts';
import type { SiteSession } from '#gateway/oidc/sign-in/site-sign-in.ts';
import { somePerson } from '#test/support/people.ts';

const website: Website = {
  appId: 'wiki' as AppId,
  name: 'Wiki',
  clientId: 'website:wiki',
  origin: 'https://wiki.example',
  paths: ['/'],
  publicPaths: [],
};
const session: SiteSession = { personId: 'ann' as PersonId, sessionUid: 'uid', grantId: 'grant-1', clientId: website.clientId };

async function start() {
  const people = createMemoryPeopleStore();
  const person = somePerson('ann');
  await people.save({ ...person, id: session.personId });
  const world = { nowMs: 1_020_000, isLive: true, permits: true, fails: false, ttlS: 300 };
  const asked: AuthorizeAppRequest[] = [];
  const policy = { revision: 'r1', dataRevision: 'd1' };
  const checkSite = createCheckSite({
    people,
    relyOn: createReliedAnswers({ audit: { subscribe: () => () => undefined }, people, policy, clock: { nowMs: () => world.nowMs } }),
    signIn: {
      issuer: 'https://gateway.example/oidc',
      redeem: async () => null,
      find: async () => (world.isLive ? { amr: ['hwk'], acr: 'x', userVerified: true, authenticatedAtMs: 0 } : null),
      signIdentity: async ({ decisionId }) => `token of ${decisionId}`,
    },
    authorizeApp: async (request): Promise<Decision> => {
      asked.push(request);
      if (world.fails) throw new Error('no answer');
      const stamp = { id: `dec_${String(asked.length)}` as DecisionId, policyRevision: policy.revision, epoch: 0 };
      return world.permits
        ? { ...stamp, effect: 'permit', permits: ['app.granted'], obligations: [], ttlS: world.ttlS }
        : denyBecause(stamp, 'grant.missing');
    },
  });
  const ask = (change: Partial<Parameters<typeof checkSite>[0]> = {}) => checkSite({ website, session, ip: '10.0.0.1', ...change });
  return { ask, asked, people, policy, world };
}

describe('a request at a website', () => {
  it('is decided once for all requests of the next 30 seconds, and then again', async () => {
    const { ask, asked, world } = await start();
    await Promise.all([ask(), ask(), ask()]);
    world.nowMs += RELY_MS_MAX - 1;
    await ask();
    expect(asked).toHaveLength(1);
    world.nowMs += 1;
    expect(await ask()).toMatchObject({ kind: 'permit', visitor: { decisionId: 'dec_2', identityToken: 'token of dec_2' } });
    expect(asked).toHaveLength(2);
  });

  it('is decided each time where the policy says that its permit is for once', async () => {
    const { ask, asked, world } = await start();
    world.ttlS = 0;
    await ask();
    await ask();
    expect(asked).toHaveLength(2);
  });

  it('is decided at once when the address is another', async () => {
    const { ask, asked } = await start();
    await ask();
    await ask({ ip: '10.0.0.2' });
    expect(asked).toHaveLength(2);
  });

  it('is nobody’s once the session ended, whatever was answered a moment ago', async () => {
    const { ask, world } = await start();
    await ask();
    world.isLive = false;
    expect(await ask()).toEqual({ kind: 'sign_in' });
  });

  it('is nobody’s without a session, and with one of another website', async () => {
    const { ask, asked } = await start();
    expect(await ask({ session: null })).toEqual({ kind: 'sign_in' });
    expect(await ask({ session: { ...session, clientId: 'website:other' } })).toEqual({ kind: 'sign_in' });
    expect(asked).toEqual([]);
  });

  it('stays denied for the requests of one page, and no longer', async () => {
    const { ask, asked, world } = await start();
    world.permits = false;
    expect(await ask()).toMatchObject({ kind: 'denied', deny: { reasons: ['grant.missing'] } });
    await ask();
    expect(asked).toHaveLength(1);
    world.permits = true;
    world.nowMs += SITE_DENIAL_MS;
    expect(await ask()).toMatchObject({ kind: 'permit' });
  });

  it('fails when nobody answers, and asks anew with the next one', async () => {
    const { ask, world } = await start();
    world.fails = true;
    await expect(ask()).rejects.toThrow('no answer');
    world.fails = false;
    expect(await ask()).toMatchObject({ kind: 'permit' });
  });
});
