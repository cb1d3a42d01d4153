import { describe, expect, it } from 'vitest';
import type { AppId, PersonId } from '#gateway/domain/site/ids.ts';
import {
  createSiteSeals,
  readCookie,
  ROUND_TTL_S,
  SEALED_CHARS_MAX,
  siteCookie,
  siteCookieNames,
} from '#gateway/forward-auth/site-cookie.ts';

const origin = 'https://wiki.example';
const session = { personId: 'ann' as PersonId, sessionUid: 'u', grantId: 'g', clientId: 'website:wiki' };
const round = { appId: 'wiki' as AppId, codeVerifier: 'v'.repeat(43), target: '/a?b=c', browserSha256: 'h' };

function start(key = new Uint8Array(32).fill(7)) {
  const world = { nowMs: 1_800_000_000_000 };
  return { world, seals: createSiteSeals({ key, clock: { nowMs: () => world.nowMs } as never }) };
}

describe('what the gateway seals for a website', () => {
  it('opens as what it was, with the time of its making', async () => {
    const { seals, world } = start();
    expect(await seals.openSession(origin, await seals.sealSession(origin, session, 60))).toEqual({ session, sealedAtMs: world.nowMs });
    expect(await seals.openRound(origin, await seals.sealRound(origin, round))).toEqual(round);
  });

  it('opens at no other origin, as nothing else, and with no other key', async () => {
    const { seals } = start();
    const sealed = await seals.sealSession(origin, session, 60);
    expect(await seals.openSession('https://other.example', sealed)).toBeNull();
    expect(await seals.openRound(origin, sealed)).toBeNull();
    expect(await seals.openSession(origin, await seals.sealRound(origin, round))).toBeNull();
    expect(await start(new Uint8Array(32).fill(8)).seals.openSession(origin, sealed)).toBeNull();
  });

  it('opens until it expires', async () => {
    const { seals, world } = start();
    const sealed = await seals.sealRound(origin, round);
    world.nowMs += (ROUND_TTL_S - 1) * 1_000;
    expect(await seals.openRound(origin, sealed)).toEqual(round);
    world.nowMs += 1_000;
    expect(await seals.openRound(origin, sealed)).toBeNull();
  });

  it('opens in no changed form: every character counts', async () => {
    const { seals } = start();
    const sealed = await seals.sealSession(origin, session, 60);
    for (let i = 0; i < sealed.length; i += 1) {
      // The last character of each part holds bits that base64url leaves out.
      const isLastOfPart = sealed[i + 1] === undefined || sealed[i + 1] === '.';
      if (isLastOfPart) continue;
      const changed = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1);
      expect(await seals.openSession(origin, changed)).toBeNull();
    }
    expect(await seals.openSession(origin, 'x'.repeat(SEALED_CHARS_MAX + 1))).toBeNull();
    expect(await seals.openSession(origin, '')).toBeNull();
  });
});

describe('the cookie of a website', () => {
  it('belongs to the host alone, where there is TLS', () => {
    const { session: name } = siteCookieNames(origin, 'wiki' as AppId);
    expect(name).toBe('__Host-gatehouse-site-wiki');
    expect(siteCookie(origin, name, 'v', null)).toBe(`${name}=v; Path=/; HttpOnly; SameSite=Lax; Secure`);
    expect(siteCookie('http://localhost:1', 'n', '', 0)).toBe('n=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
  });

  it('is read when it is there once: of two, somebody else set one', () => {
    expect(readCookie('a=1; n=x=y; b=2', 'n')).toBe('x=y');
    expect(readCookie('n=1; n=2', 'n')).toBeNull();
    expect(readCookie('nn=1', 'n')).toBeNull();
    expect(readCookie(undefined, 'n')).toBeNull();
  });
});
