import { describe, expect, it } from 'vitest';
import { ONE_TIME_ITEMS_MAX, ONE_TIME_PAYLOAD_MAX, type OneTimePurpose, type OneTimeStore } from '#gateway/ports/one-time-store.ts';

const someItem = (key: string, change: Partial<Parameters<OneTimeStore['put']>[0]> = {}): Parameters<OneTimeStore['put']>[0] => ({
  purpose: 'enrolment',
  key,
  payloadJson: `{"of":"${key}"}`,
  expiresAtMs: 2_000,
  nowMs: 1_000,
  ...change,
});

interface Limits {
  readonly itemsMax: Readonly<Record<OneTimePurpose, number>>;
}

const atMost = (max: number): Limits => ({
  itemsMax: {
    enrolment: max,
    enrolment_challenge: max,
    enrolment_withdrawn: max,
    webauthn_challenge: max,
    reinstatement: max,
    recovery_badge: max,
    face_terminal: max,
    desk_code: max,
    desk_order: max,
    desk_challenge: max,
    desk_outcome: max,
    vpn_code: max,
    vpn_login: max,
    vpn_certificate: max,
    upstream_sign_in: max,
    upstream_logout: max,
  },
});

const purposes = Object.keys(ONE_TIME_ITEMS_MAX) as readonly OneTimePurpose[];

export function oneTimeStoreContract(name: string, make: (limits?: Limits) => Promise<OneTimeStore>): void {
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

    it('keeps the first of 20 concurrent new items of one key', async () => {
      const items = await make();
      const kept = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          items.putNew(someItem('a', { payloadJson: String(index) })).then((isKept) => ({ index, isKept })),
        ),
      );
      const [first, ...others] = kept.filter(({ isKept }) => isKept);
      expect(others).toEqual([]);
      expect(await items.take('enrolment', 'a', 1_000)).toBe(String(first?.index));
    });

    it('takes a new item where the one before has expired, and not 1 ms sooner', async () => {
      const items = await make();
      await items.put(someItem('a'));
      expect(await items.putNew(someItem('a', { payloadJson: '{}', nowMs: 1_999, expiresAtMs: 9_000 }))).toBe(false);
      expect(await items.putNew(someItem('a', { payloadJson: '{}', nowMs: 2_000, expiresAtMs: 9_000 }))).toBe(true);
      expect(await items.peek('enrolment', 'a', 2_000)).toBe('{}');
    });

    it('refuses a new item where the purpose is full', async () => {
      const items = await make(atMost(1));
      expect(await items.putNew(someItem('a'))).toBe(true);
      await expect(items.putNew(someItem('b'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await items.putNew(someItem('a'))).toBe(false);
    });

    it('gives the payload to exactly one of 20 concurrent callers', async () => {
      const items = await make();
      await items.put(someItem('a'));
      const taken = await Promise.all(Array.from({ length: 20 }, () => items.take('enrolment', 'a', 1_000)));
      expect(taken.filter((payload) => payload !== null)).toEqual(['{"of":"a"}']);
    });

    it.each(['enrolment', 'reinstatement'] as const)('takes as many live items of %s as allowed and not one more', async (purpose) => {
      const items = await make(atMost(3));
      for (const key of ['a', 'b', 'c']) await items.put(someItem(key, { purpose }));
      await expect(items.put(someItem('d', { purpose }))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await items.peek(purpose, 'd', 1_000)).toBeNull();
      await items.put(someItem('a', { purpose, payloadJson: '{}' }));
      expect(await items.peek(purpose, 'b', 1_000)).not.toBeNull();
    });

    it.each(purposes)('lets expired items of %s make room before anything else', async (purpose) => {
      const items = await make(atMost(2));
      await items.put(someItem('a', { purpose }));
      await items.put(someItem('b', { purpose, expiresAtMs: 5_000 }));
      await items.put(someItem('c', { purpose, nowMs: 2_000, expiresAtMs: 9_000 }));
      expect(await items.peek(purpose, 'b', 2_000)).not.toBeNull();
      expect(await items.peek(purpose, 'c', 2_000)).not.toBeNull();
    });

    it.each(['webauthn_challenge', 'enrolment_challenge'] as const)(
      'keeps as many live items of %s as allowed; then the oldest gives way',
      async (purpose) => {
        const items = await make(atMost(3));
        for (const [key, expiresAtMs] of [
          ['c', 2_000],
          ['a', 2_001],
          ['b', 2_002],
        ] as const) {
          await items.put(someItem(key, { purpose, expiresAtMs }));
        }
        expect(await items.peek(purpose, 'c', 1_000)).not.toBeNull();
        await items.put(someItem('d', { purpose, expiresAtMs: 1_500 }));
        const alive = await Promise.all(['a', 'b', 'c', 'd'].map((key) => items.peek(purpose, key, 1_000)));
        expect(alive.map((payload) => payload !== null)).toEqual([true, true, false, true]);
      },
    );

    it('lets no purpose take the room of another', async () => {
      const items = await make(atMost(2));
      for (const purpose of purposes) await items.put(someItem('first', { purpose }));
      for (const key of ['a', 'b', 'c', 'd', 'e']) await items.put(someItem(key, { purpose: 'webauthn_challenge' }));
      for (const purpose of purposes.filter((other) => other !== 'webauthn_challenge')) {
        await items.put(someItem('second', { purpose }));
        expect(await items.peek(purpose, 'first', 1_000)).not.toBeNull();
      }
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
