import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { CODE_TTL_MS, createCodeBook, WRONG_CODES_MAX, type CodeOwner } from '#gateway/app/vpn/code-book.ts';
import type { VpnRealmId } from '#gateway/domain/site/ids.ts';
import { personId } from '#test/support/people.ts';

const owner: CodeOwner = { realmId: 'staff' as VpnRealmId, personId: personId('ann') };
const origin = {
  authentication: { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 900 },
  correlation: 'vpn_flow',
};
const otherThan = (code: string): string => (code === '00000000' ? '00000001' : '00000000');

function createBook(random = createSystemRandom()) {
  const oneTime = createMemoryOneTimeStore();
  return { oneTime, book: createCodeBook({ oneTime, macKey: new Uint8Array(32).fill(7), random }) };
}

describe('one-time codes', () => {
  it('are eight digits, and good once, for their owner, until they expire', async () => {
    const { book } = createBook();
    const { code, expiresAtMs } = await book.put(owner, origin, 1_000);
    expect(code).toMatch(/^\d{8}$/);
    expect(expiresAtMs).toBe(1_000 + CODE_TTL_MS);
    expect(await book.take({ ...owner, personId: personId('bob') }, code, 1_000)).toBeNull();
    expect(await book.take({ ...owner, realmId: 'labs' as VpnRealmId }, code, 1_000)).toBeNull();
    expect(await book.take(owner, code, expiresAtMs - 1)).toEqual(origin);
    expect(await book.take(owner, code, expiresAtMs - 1)).toBeNull();
  });

  it('are worth nothing once their time is over', async () => {
    const { book } = createBook();
    const { code, expiresAtMs } = await book.put(owner, origin, 1_000);
    expect(await book.take(owner, code, expiresAtMs)).toBeNull();
  });

  it('survive as many wrong ones as allowed but one, and are void after that', async () => {
    const { book } = createBook();
    const first = await book.put(owner, origin, 1_000);
    for (let wrong = 1; wrong < WRONG_CODES_MAX; wrong += 1) expect(await book.take(owner, otherThan(first.code), 1_000)).toBeNull();
    expect(await book.take(owner, first.code, 1_000)).toEqual(origin);
    const second = await book.put(owner, origin, 1_000);
    for (let wrong = 1; wrong <= WRONG_CODES_MAX; wrong += 1) await book.take(owner, otherThan(second.code), 1_000);
    expect(await book.take(owner, second.code, 1_000)).toBeNull();
  });

  it('replace the one before', async () => {
    const draws = [1, 2];
    const { book } = createBook({ ...createSystemRandom(), bytes: () => Uint8Array.of(0, 0, 0, draws.shift() ?? 3) });
    const first = await book.put(owner, origin, 1_000);
    const second = await book.put(owner, origin, 1_000);
    expect([first.code, second.code]).toEqual(['00000001', '00000002']);
    expect(await book.take(owner, first.code, 1_000)).toBeNull();
    expect(await book.take(owner, second.code, 1_000)).toEqual(origin);
  });

  it('let one of many concurrent logins with the same code win', async () => {
    const { book } = createBook();
    const { code } = await book.put(owner, origin, 1_000);
    const taken = await Promise.all(Array.from({ length: 20 }, () => book.take(owner, code, 1_000)));
    expect(taken.filter((one) => one !== null)).toHaveLength(1);
  });

  it('are drawn evenly: what would favour some codes is drawn again', async () => {
    const draws = [Uint8Array.of(255, 255, 255, 255), Uint8Array.of(0, 0, 0, 9)];
    const { book } = createBook({ ...createSystemRandom(), bytes: () => draws.shift() ?? Uint8Array.of(0, 0, 0, 0) });
    expect((await book.put(owner, origin, 1_000)).code).toBe('00000009');
  });

  it('are not in the store', async () => {
    const { book, oneTime } = createBook();
    const { code } = await book.put(owner, origin, 1_000);
    expect(await oneTime.peek('vpn_code', 'staff person_ann', 1_000)).not.toContain(code);
  });
});
