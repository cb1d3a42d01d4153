import { describe, expect, it } from 'vitest';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { createReaderKeyStore } from '#gateway/app/readers/reader-key-store.ts';
import { readReaderPlaces } from '#gateway/app/readers/reader-places.ts';
import { importedKey } from '#gateway/domain/readers/reader-keys.ts';
import type { BusId, DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { Reader } from '#gateway/domain/site/site.ts';

const reader = (id: string, address: number, busId = 'line'): Reader => ({
  id: id as ReaderId,
  name: id,
  doorId: 'door' as DoorId,
  side: 'entry',
  busId: busId as BusId,
  address,
  strikeOutput: null,
  contactInput: null,
  rexInput: null,
});

/** Where every reader is looked for, after the given moves `[from, to]`. */
async function lookFor(readers: readonly Reader[], moves: Readonly<Record<string, readonly [from: number, to: number]>>) {
  const store = createReaderKeyStore(createMemorySecretStore());
  for (const [id, [fromAddress, address]] of Object.entries(moves)) {
    const key = new Uint8Array(16).fill(7);
    await store.update(id as ReaderId, () => ({ ...importedKey(key), place: { fromAddress, address, baud: 9_600 } }));
  }
  const taken: string[] = [];
  const placeOf = await readReaderPlaces(readers, store, (id, address) => taken.push(`${id} ${address}`));
  return { addresses: readers.map(({ id, address }) => placeOf(id, 'tcp').address ?? address), taken };
}

describe('where readers are looked for', () => {
  it('is where they were moved to, also where two have changed places', async () => {
    expect(await lookFor([reader('a', 1), reader('b', 2)], { a: [1, 2], b: [2, 1] })).toEqual({ addresses: [2, 1], taken: [] });
  });

  it('is where the configuration says once it was changed after the move', async () => {
    expect(await lookFor([reader('a', 3)], { a: [1, 9] })).toEqual({ addresses: [3], taken: [] });
  });

  it('is the old address, and told, when a new reader of the line has the other one', async () => {
    expect(await lookFor([reader('a', 1), reader('b', 9)], { a: [1, 9] })).toEqual({ addresses: [1, 9], taken: ['a 9'] });
  });

  it('is no concern of another line', async () => {
    expect(await lookFor([reader('a', 1), reader('b', 9, 'other')], { a: [1, 9] })).toEqual({ addresses: [9, 9], taken: [] });
  });

  it('leaves no two readers at one address when one that goes back meets the next', async () => {
    const { addresses, taken } = await lookFor([reader('a', 1), reader('b', 2), reader('c', 9)], { a: [1, 9], b: [2, 1] });
    expect(addresses).toEqual([1, 2, 9]);
    expect(taken).toEqual(['a 9', 'b 1']);
  });
});
