import { describe, expect, it } from 'vitest';
import { CREDENTIALS_PER_PERSON_MAX, type CredentialStore } from '#gateway/ports/credential-store.ts';
import type { PinAttempts } from '#gateway/domain/people/pin.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { credentialId, personId, someBadge, somePasskey, somePin } from '#test/support/people.ts';

const attemptsAt = (reader: string, change: Partial<PinAttempts> = {}): PinAttempts => ({
  personId: personId('ann'),
  readerId: reader as ReaderId,
  wrongAtMs: [1_700_000_000_000],
  locks: 2,
  lockedUntilMs: 1_800_000_000_000,
  ...change,
});

async function fill(save: (name: string) => Promise<void>): Promise<void> {
  for (let index = 0; index < CREDENTIALS_PER_PERSON_MAX; index += 1) await save(String(index));
}

export function credentialStoreContract(name: string, make: () => Promise<CredentialStore>): void {
  describe(`CredentialStore: ${name}`, () => {
    it('returns a badge with every field as it was saved', async () => {
      const credentials = await make();
      const badge = someBadge('1', { status: 'stolen', validFromMs: 1_700_000_000_000, validUntilMs: 1_800_000_000_000 });
      await credentials.saveBadge(badge);
      expect(await credentials.findBadge(badge.badgeKey)).toEqual(badge);
      expect(await credentials.badgesOf(badge.personId)).toEqual([badge]);
      expect(await credentials.findBadge('H10301:0:0')).toBeNull();
      expect(await credentials.badgesOf(personId('nobody'))).toEqual([]);
    });

    it('replaces a badge of the same id, and forgets its old key', async () => {
      const credentials = await make();
      await credentials.saveBadge(someBadge('1'));
      await credentials.saveBadge(someBadge('1', { badgeKey: 'H10301:12:9', status: 'lost' }));
      expect(await credentials.findBadge('H10301:12:1')).toBeNull();
      expect((await credentials.findBadge('H10301:12:9'))?.status).toBe('lost');
    });

    it('refuses a badge key of another credential', async () => {
      const credentials = await make();
      await credentials.saveBadge(someBadge('1'));
      const other = someBadge('2', { badgeKey: 'H10301:12:1', personId: personId('bob') });
      await expect(credentials.saveBadge(other)).rejects.toMatchObject({ code: 'store.conflict' });
      expect((await credentials.findBadge('H10301:12:1'))?.personId).toBe(personId('ann'));
    });

    it('takes as many badges of one person as allowed and not one more; a held one can still change', async () => {
      const credentials = await make();
      await fill((number) => credentials.saveBadge(someBadge(number)));
      await expect(credentials.saveBadge(someBadge('more'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await credentials.badgesOf(personId('ann'))).toHaveLength(CREDENTIALS_PER_PERSON_MAX);
      await credentials.saveBadge(someBadge('0', { status: 'lost' }));
      await credentials.saveBadge(someBadge('other', { personId: personId('bob') }));
    });

    it('returns a passkey with every field as it was added', async () => {
      const credentials = await make();
      const passkey = somePasskey('1', { backedUp: false, transports: [], counter: 4_294_967_295, addedWith: credentialId('0') });
      await credentials.addPasskey(passkey);
      expect(await credentials.findPasskey(passkey.webauthnId)).toEqual(passkey);
      expect(await credentials.passkeysOf(passkey.personId)).toEqual([passkey]);
      expect(await credentials.findPasskey('unknown')).toBeNull();
    });

    it('refuses a WebAuthn id that is known, whoever holds it', async () => {
      const credentials = await make();
      await credentials.addPasskey(somePasskey('1'));
      const same = somePasskey('2', { webauthnId: 'webauthn-1', personId: personId('bob') });
      await expect(credentials.addPasskey(same)).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await credentials.passkeysOf(personId('bob'))).toEqual([]);
    });

    it('takes as many passkeys of one person as allowed and not one more', async () => {
      const credentials = await make();
      await fill((number) => credentials.addPasskey(somePasskey(number)));
      await expect(credentials.addPasskey(somePasskey('more'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await credentials.passkeysOf(personId('ann'))).toHaveLength(CREDENTIALS_PER_PERSON_MAX);
      expect(await credentials.findPasskey('webauthn-more')).toBeNull();
      await credentials.addPasskey(somePasskey('other', { personId: personId('bob') }));
    });

    it('advances a counter only from the value that is stored', async () => {
      const credentials = await make();
      await credentials.addPasskey(somePasskey('1', { counter: 3 }));
      expect(await credentials.advanceCounter(credentialId('1'), 2, 9)).toBe(false);
      expect(await credentials.advanceCounter(credentialId('1'), 3, 4)).toBe(true);
      expect(await credentials.advanceCounter(credentialId('unknown'), 0, 1)).toBe(false);
      expect((await credentials.findPasskey('webauthn-1'))?.counter).toBe(4);
    });

    it('lets exactly one of 20 concurrent uses advance the counter', async () => {
      const credentials = await make();
      await credentials.addPasskey(somePasskey('1', { counter: 3 }));
      const uses = await Promise.all(Array.from({ length: 20 }, () => credentials.advanceCounter(credentialId('1'), 3, 4)));
      expect(uses.filter((advanced) => advanced)).toHaveLength(1);
    });

    it('changes the status of badges and passkeys, and of nothing else', async () => {
      const credentials = await make();
      await credentials.saveBadge(someBadge('badge'));
      await credentials.addPasskey(somePasskey('passkey'));
      await credentials.setStatus(credentialId('badge'), 'lost');
      await credentials.setStatus(credentialId('passkey'), 'revoked');
      expect((await credentials.findBadge('H10301:12:badge'))?.status).toBe('lost');
      expect((await credentials.findPasskey('webauthn-passkey'))?.status).toBe('revoked');
      await expect(credentials.setStatus(credentialId('unknown'), 'lost')).rejects.toMatchObject({ code: 'resource.unknown' });
    });

    it('returns a PIN with every field as it was saved, and one a person', async () => {
      const credentials = await make();
      await credentials.savePin(somePin('ann'));
      await credentials.savePin(somePin('bob', { duressHash: null, status: 'suspended' }));
      expect(await credentials.pinOf(personId('ann'))).toEqual(somePin('ann'));
      expect(await credentials.pinOf(personId('bob'))).toEqual(somePin('bob', { duressHash: null, status: 'suspended' }));
      expect(await credentials.pinOf(personId('nobody'))).toBeNull();
      const replaced = somePin('ann', { id: credentialId('pin-2'), hash: Uint8Array.of(9) });
      await credentials.savePin(replaced);
      expect(await credentials.pinOf(personId('ann'))).toEqual(replaced);
    });

    it('hands out copies of the PIN’s bytes', async () => {
      const credentials = await make();
      await credentials.savePin(somePin('ann'));
      (await credentials.pinOf(personId('ann')))?.hash.fill(0);
      expect(await credentials.pinOf(personId('ann'))).toEqual(somePin('ann'));
    });

    it('changes the status of a PIN', async () => {
      const credentials = await make();
      await credentials.savePin(somePin('ann'));
      await credentials.setStatus(credentialId('pin-ann'), 'revoked');
      expect((await credentials.pinOf(personId('ann')))?.status).toBe('revoked');
    });

    it('keeps what was got wrong at each reader, until the person has another PIN', async () => {
      const credentials = await make();
      await credentials.savePin(somePin('ann'));
      await credentials.savePinAttempts(attemptsAt('reader-2'));
      await credentials.savePinAttempts(attemptsAt('reader-1', { wrongAtMs: [], locks: 0, lockedUntilMs: 0 }));
      await credentials.savePinAttempts(attemptsAt('reader-2', { locks: 3 }));
      await credentials.savePinAttempts(attemptsAt('reader-1', { personId: personId('bob') }));
      expect(await credentials.pinAttemptsOf(personId('ann'))).toEqual([
        attemptsAt('reader-1', { wrongAtMs: [], locks: 0, lockedUntilMs: 0 }),
        attemptsAt('reader-2', { locks: 3 }),
      ]);
      await credentials.savePin(somePin('ann'));
      expect(await credentials.pinAttemptsOf(personId('ann'))).toEqual([]);
      expect(await credentials.pinAttemptsOf(personId('bob'))).toHaveLength(1);
    });

    it('lets the oldest passkey that is out of use give way in a full set', async () => {
      const credentials = await make();
      for (let index = 1; index <= CREDENTIALS_PER_PERSON_MAX; index += 1) {
        await credentials.addPasskey(somePasskey(String(index), { createdAtMs: 1_000 + index }));
      }
      await credentials.setStatus(credentialId('7'), 'revoked');
      await credentials.setStatus(credentialId('3'), 'lost');
      await credentials.addPasskey(somePasskey('more', { createdAtMs: 2_000 }));
      expect(await credentials.findPasskey('webauthn-3')).toBeNull();
      expect((await credentials.findPasskey('webauthn-7'))?.status).toBe('revoked');
      expect(await credentials.passkeysOf(personId('ann'))).toHaveLength(CREDENTIALS_PER_PERSON_MAX);
    });

    it('keeps when a passkey was last used, and never goes back', async () => {
      const credentials = await make();
      await credentials.addPasskey(somePasskey('1'));
      await credentials.markUsed(credentialId('1'), 5_000);
      await credentials.markUsed(credentialId('1'), 4_000);
      expect((await credentials.findPasskey('webauthn-1'))?.lastUsedAtMs).toBe(5_000);
      await credentials.markUsed(credentialId('nobody'), 1);
    });

    it('renames a passkey and nothing else', async () => {
      const credentials = await make();
      await credentials.addPasskey(somePasskey('1'));
      await credentials.addPasskey(somePasskey('2'));
      await credentials.renamePasskey(credentialId('1'), 'Old phone');
      expect(await credentials.findPasskey('webauthn-1')).toEqual(somePasskey('1', { label: 'Old phone' }));
      expect(await credentials.findPasskey('webauthn-2')).toEqual(somePasskey('2'));
      await expect(credentials.renamePasskey(credentialId('3'), 'x')).rejects.toMatchObject({ code: 'resource.unknown' });
    });

    it('says whether anybody has an active passkey', async () => {
      const credentials = await make();
      expect(await credentials.anyPasskey()).toBe(false);
      await credentials.addPasskey(somePasskey('1'));
      expect(await credentials.anyPasskey()).toBe(true);
      await credentials.setStatus(credentialId('1'), 'revoked');
      expect(await credentials.anyPasskey()).toBe(false);
    });
  });
}
