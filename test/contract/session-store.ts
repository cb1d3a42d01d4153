import { describe, expect, it } from 'vitest';
import type { SessionId } from '#gateway/domain/site/ids.ts';
import { CONSOLE_SESSIONS_PER_PERSON_MAX, type ConsoleSession, type SessionStore } from '#gateway/ports/session-store.ts';
import { credentialId, personId } from '#test/support/people.ts';

const sessionId = (name: string): SessionId => `session_${name}` as SessionId;

const someSession = (name: string, change: Partial<ConsoleSession> = {}): ConsoleSession => ({
  id: sessionId(name),
  personId: personId('ann'),
  kind: 'console',
  secretSha256: `sha256 of ${name}`,
  createdAtMs: 1_000,
  authenticatedAtMs: 900,
  amr: ['swk', 'user', 'mfa'],
  acr: 'urn:gatehouse:acr:passkey',
  userVerified: true,
  credentialId: credentialId('phone'),
  expiresAtMs: 10_000,
  ...change,
});

export function sessionStoreContract(name: string, make: () => Promise<SessionStore>): void {
  describe(`SessionStore: ${name}`, () => {
    it('finds a session by the hash of its secret, until it expires', async () => {
      const sessions = await make();
      await sessions.create(someSession('1', { kind: 'cli' }));
      expect(await sessions.findBySecret('sha256 of 1', 9_999)).toEqual(someSession('1', { kind: 'cli' }));
      expect(await sessions.findBySecret('sha256 of 1', 10_000)).toBeNull();
      expect(await sessions.findBySecret('sha256 of 2', 1_000)).toBeNull();
    });

    it('refuses a secret that another session has', async () => {
      const sessions = await make();
      await sessions.create(someSession('1'));
      await expect(sessions.create(someSession('2', { secretSha256: 'sha256 of 1' }))).rejects.toMatchObject({ code: 'store.conflict' });
    });

    it('keeps as many live sessions of a person as allowed; the oldest gives way to one more', async () => {
      const sessions = await make();
      for (let index = 1; index <= CONSOLE_SESSIONS_PER_PERSON_MAX; index += 1) {
        await sessions.create(someSession(String(index), { createdAtMs: 1_000 + index }));
      }
      expect(await sessions.ofPerson(personId('ann'), 2_000)).toHaveLength(CONSOLE_SESSIONS_PER_PERSON_MAX);
      await sessions.create(someSession('more', { createdAtMs: 2_000 }));
      const live = await sessions.ofPerson(personId('ann'), 2_000);
      expect(live).toHaveLength(CONSOLE_SESSIONS_PER_PERSON_MAX);
      expect(live[0]?.id).toBe(sessionId('2'));
      expect(live.at(-1)?.id).toBe(sessionId('more'));
    });

    it('counts the sessions of each kind for themselves: the people’s side never ends a console', async () => {
      const sessions = await make();
      await sessions.create(someSession('console'));
      for (let index = 1; index <= CONSOLE_SESSIONS_PER_PERSON_MAX + 1; index += 1) {
        await sessions.create(someSession(String(index), { kind: 'portal', createdAtMs: 1_000 + index, credentialId: null }));
      }
      const live = await sessions.ofPerson(personId('ann'), 2_000);
      expect(live.map(({ kind }) => kind)).toEqual(['console', ...Array.from({ length: CONSOLE_SESSIONS_PER_PERSON_MAX }, () => 'portal')]);
      expect(live[1]).toMatchObject({ id: sessionId('2'), credentialId: null });
    });

    it('lets an expired session give way before a live one', async () => {
      const sessions = await make();
      await sessions.create(someSession('live'));
      for (let index = 1; index < CONSOLE_SESSIONS_PER_PERSON_MAX; index += 1) {
        await sessions.create(someSession(String(index), { createdAtMs: 2_000, expiresAtMs: 3_000 }));
      }
      await sessions.create(someSession('more', { createdAtMs: 4_000 }));
      expect((await sessions.ofPerson(personId('ann'), 4_000)).map((session) => session.id)).toEqual([
        sessionId('live'),
        sessionId('more'),
      ]);
    });

    it('ends a session once', async () => {
      const sessions = await make();
      await sessions.create(someSession('1'));
      expect(await sessions.end(sessionId('1'))).toBe(true);
      expect(await sessions.end(sessionId('1'))).toBe(false);
      expect(await sessions.findBySecret('sha256 of 1', 1_000)).toBeNull();
    });

    it('ends all sessions of one person and of nobody else, and says which', async () => {
      const sessions = await make();
      await sessions.create(someSession('1'));
      await sessions.create(someSession('2', { createdAtMs: 1_001 }));
      await sessions.create(someSession('bob', { personId: personId('bob') }));
      expect((await sessions.endAllOf(personId('ann'))).map((session) => session.id)).toEqual([sessionId('1'), sessionId('2')]);
      expect(await sessions.ofPerson(personId('ann'), 1_000)).toEqual([]);
      expect(await sessions.ofPerson(personId('bob'), 1_000)).toHaveLength(1);
      expect(await sessions.endAllOf(personId('ann'))).toEqual([]);
    });
  });
}
