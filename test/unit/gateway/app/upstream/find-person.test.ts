import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createTurns } from '#gateway/app/directory/turns.ts';
import { createDirectoryUsers } from '#gateway/app/directory/users.ts';
import { createFindUpstreamPerson } from '#gateway/app/upstream/find-person.ts';
import type { AccountRule } from '#gateway/app/upstream/types.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { personId, somePerson } from '#test/support/people.ts';

const RULE: AccountRule = { claim: 'email', is: 'email', emailDomains: ['example.test'], create: true };
const ANN = { upstreamId: 'corp', subject: 'sub-ann', claims: { email: 'ann@example.test', email_verified: true } };

function setUp() {
  const stores = createMemoryStores();
  const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const parts = { ...stores, audit, clock, random: createSystemRandom() };
  const users = createDirectoryUsers({ ...parts, takeTurn: createTurns(), close: () => expect.fail('nobody is closed') } as never);
  return { ...parts, find: createFindUpstreamPerson({ ...parts, users, links: stores.upstream }) };
}

describe('somebody new from a provider', () => {
  it('becomes a person', async () => {
    const { find, people } = setUp();
    const found = await find(ANN, RULE);
    expect(found).toEqual({ ok: true, personId: (await people.findByEmail('ann@example.test'))?.id });
  });

  it('is refused as taken where somebody who has departed still has the address, and nobody is recorded as new', async () => {
    const { audit, find, people } = setUp();
    await people.save(somePerson('ann', { email: 'ann@example.test' }));
    await people.changeStanding({ personId: personId('ann'), to: 'departed', nowMs: 1 });
    expect(await find(ANN, RULE)).toEqual({ ok: false, code: 'account.taken', personId: null });
    expect(await audit.read({ from: { afterSeq: 0 }, limit: 10 })).toEqual([]);
  });

  it('is refused as taken where another gets the address at the same moment', async () => {
    const { directory, find, people } = setUp();
    const save = directory.saveUser.bind(directory);
    directory.saveUser = async (...user) => {
      await people.save(somePerson('bob', { email: 'ann@example.test' }));
      return save(...user);
    };
    expect(await find(ANN, RULE)).toEqual({ ok: false, code: 'account.taken', personId: null });
  });

  it('is told of a store that fails in any other way', async () => {
    const { directory, find } = setUp();
    directory.saveUser = () => Promise.reject(new GatewayError('store.unavailable', 'busy'));
    await expect(find(ANN, RULE)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
