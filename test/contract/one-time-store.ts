import { describe, expect, it } from 'vitest';
import { ONE_TIME_PAYLOAD_MAX, type OneTimeStore } from '#gateway/ports/one-time-store.ts';

const someItem = (key: string, change: Partial<Parameters<OneTimeStore['put']>[0]> = {}): Parameters<OneTimeStore['put']>[0] => ({
  purpose: 'enrolment',
  key,
  payloadJson: `{"of":"${key}"}`,
  expiresAtMs: 2_000,
  nowMs: 1_000,
  ...change,
});

export function oneTimeStoreContract(name: string, make: (limits?: { readonly itemsMax: number }) => Promise<OneTimeStore>): void {
  describe(`OneTimeStore: ${name}`, () => {
    it('gives a payload once; looking does not use it up', async () => {
      const items = await make();
      await items.put(someItem('a'));
      expect(await items.peek('enrolment', 'a', 1_999)).toBe('{"of":"a"}');
      expect(await items.take('enrolment', 'a', 1_999)).toBe('{"of":"a"}');
      expect(await items.take('enrolment', 'a', 1_999)).toBeNull();
      expect(await items.peek('enrolment', 'a', 1_999)).toBeNull();
    });

    it('gives nothing from the moment of expiry', async () => {
      const items = await make();
      await items.put(someItem('a'));
      expect(await items.peek('enrolment', 'a', 2_000)).toBeNull();
      expect(await items.take('enrolment', 'a', 2_000)).toBeNull();
    });

    it('keeps keys of different purposes apart', async () => {
      const items = await make();
      await items.put(someItem('a'));
      expect(await items.take('webauthn_challenge', 'a', 1_000)).toBeNull();
      expect(await items.take('reinstatement', 'a', 1_000)).toBeNull();
      expect(await items.take('enrolment', 'a', 1_000)).not.toBeNull();
    });

    it('replaces an item of the same key', async () => {
      const items = await make();
      await items.put(someItem('a'));
      await items.put(someItem('a', { payloadJson: '{}', expiresAtMs: 9_000 }));
      expect(await items.take('enrolment', 'a', 8_999)).toBe('{}');
    });

    it('gives the payload to exactly one of 20 concurrent callers', async () => {
      const items = await make();
      await items.put(someItem('a'));
      const taken = await Promise.all(Array.from({ length: 20 }, () => items.take('enrolment', 'a', 1_000)));
      expect(taken.filter((payload) => payload !== null)).toEqual(['{"of":"a"}']);
    });

    it('takes as many live items as allowed and not one more; expired ones make room', async () => {
      const items = await make({ itemsMax: 3 });
      for (const key of ['a', 'b', 'c']) await items.put(someItem(key));
      await expect(items.put(someItem('d'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await items.peek('enrolment', 'd', 1_000)).toBeNull();
      await items.put(someItem('a', { payloadJson: '{}' }));
      await items.put(someItem('d', { nowMs: 2_000, expiresAtMs: 3_000 }));
      expect(await items.peek('enrolment', 'd', 2_000)).not.toBeNull();
    });

    it('takes the longest payload and refuses a longer one', async () => {
      const items = await make();
      const longest = 'x'.repeat(ONE_TIME_PAYLOAD_MAX);
      await items.put(someItem('a', { payloadJson: longest }));
      expect(await items.peek('enrolment', 'a', 1_000)).toBe(longest);
      await expect(items.put(someItem('b', { payloadJson: `${longest}x` }))).rejects.toMatchObject({ code: 'request.too_large' });
    });
  });
}
