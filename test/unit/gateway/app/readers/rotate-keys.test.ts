import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { ReaderKeyKeeper } from '#gateway/app/readers/reader-key-keeper.ts';
import { createReaderKeyStore } from '#gateway/app/readers/reader-key-store.ts';
import { createReaderOperations, type ReaderDesk } from '#gateway/app/readers/reader-operations.ts';
import { ROTATION_ATTEMPTS_MAX, ROTATION_RETRY_MS } from '#gateway/app/readers/rotate-keys.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { importedKey, type ReaderKeyState } from '#gateway/domain/readers/reader-keys.ts';
import type { BusId, DecisionId, DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { MaintenanceEvent, ReaderHealth, ReaderMaintenance } from '#gateway/ports/reader-maintenance.ts';
import { PAIRINGS_MAX } from '#gateway/ports/reader-operations.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';

const HEALTH: ReaderHealth = {
  isOnline: true,
  cause: null,
  isSecure: true,
  isInstalling: false,
  address: 1,
  baud: null,
  identity: null,
  capabilities: null,
  silentForMs: 0,
  onlineForMs: 1,
  channelAgeMs: 1,
  channelExchanges: 1,
  isBusy: false,
};
type Code = Extract<CommandResult, { ok: false }>['code'];

/** A desk over readers that answer as the test says; keys that were sent are kept. */
function deskOf(ids: readonly string[], lineOf: (id: string) => string = () => 'bus') {
  const sent: [string, string][] = [];
  const state = { answer: null as Code | null, isOnline: true, hold: null as Promise<void> | null };
  const records: AuditRecord[] = [];
  const listeners = new Set<(event: MaintenanceEvent) => void>();
  const maintenance: ReaderMaintenance = {
    exchange: () => Promise.resolve({ ok: false, code: 'reader.refused' }),
    setKey: async (readerId, key) => {
      sent.push([readerId, Buffer.from(key).toString('hex')]);
      await state.hold;
      return state.answer === null ? { ok: true } : { ok: false, code: state.answer };
    },
    openInstallWindow: () => Promise.resolve({ ok: false, code: 'reader.timeout' }),
    closeInstallWindow: () => undefined,
    setLine: () => Promise.resolve({ ok: true }),
    transferFile: () => Promise.resolve({ ok: true }),
    testLine: () => Promise.resolve({ ok: false, code: 'reader.unknown' }),
    cancel: () => undefined,
    health: () => ({ ...HEALTH, isOnline: state.isOnline }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const clock = { nowMs: () => Date.now(), monotonicUs: () => Date.now() * 1_000 };
  const store = createReaderKeyStore(createMemorySecretStore());
  const desk = createReaderOperations({
    readers: ids.map((id, address) => ({
      id: id as ReaderId,
      name: id,
      doorId: 'door' as DoorId,
      side: 'entry',
      busId: lineOf(id) as BusId,
      address,
      strikeOutput: null,
      contactInput: null,
      rexInput: null,
    })),
    maintenance,
    events: { subscribe: () => () => undefined },
    store,
    keeper: new ReaderKeyKeeper(store, clock),
    audit: {
      append: async (record) => {
        records.push(record);
        return { seq: 1, hash: '', arrivedAtMs: 0 };
      },
    },
    clock,
    random: createSystemRandom(),
    onUnrecorded: () => undefined,
    onFailure: (failure) => {
      throw failure;
    },
  });
  return { desk, store, sent, state, records };
}

const keyOf = (seed: number): Uint8Array => new Uint8Array(16).fill(seed);
const give = (store: ReturnType<typeof createReaderKeyStore>, id: string, state: Partial<ReaderKeyState> = {}, seed = 1) =>
  store.update(id as ReaderId, () => ({ ...importedKey(keyOf(seed)), ...state }));
const rotate = (desk: ReaderDesk, ...ids: readonly string[]) =>
  desk.begin({
    operatorId: 'ann',
    decisionId: 'dec' as DecisionId,
    request: { kind: 'rotate_keys', readerIds: ids as unknown as ReaderId[] },
  });
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

afterEach(() => void vi.useRealTimers());

describe('rotating keys', () => {
  it('goes one reader of a line at a time: keys given by hand first, then the oldest', async () => {
    const { desk, store, sent } = deskOf(['new', 'old', 'hand', 'other'], (id) => (id === 'other' ? 'second' : 'first'));
    await give(store, 'new', { origin: 'rotated', setAtMs: 200 });
    await give(store, 'old', { origin: 'rotated', setAtMs: 100 });
    await give(store, 'hand');
    await give(store, 'other', { origin: 'rotated', setAtMs: 300 });
    await rotate(desk, 'new', 'old', 'hand', 'other');
    await vi.waitFor(() => expect(sent).toHaveLength(4));
    expect(sent.map(([id]) => id).filter((id) => id !== 'other')).toEqual(['hand', 'old', 'new']);
  });

  it('keeps a key that was refused as the second one, and sends the same again next time', async () => {
    const { desk, store, sent, state, records } = deskOf(['front']);
    await give(store, 'front');
    state.answer = 'reader.refused';
    const begun = await rotate(desk, 'front');
    if (!begun.ok) throw new TypeError(begun.code);
    await vi.waitFor(async () =>
      expect((await desk.find(begun.operation.id))?.readers[0]).toMatchObject({ state: 'failed', code: 'reader.refused' }),
    );
    expect(await store.read('front' as ReaderId)).toMatchObject({ current: keyOf(1), rotation: null });
    expect((await store.read('front' as ReaderId))?.next).not.toBeNull();
    state.answer = null;
    await rotate(desk, 'front');
    await vi.waitFor(async () => expect((await store.read('front' as ReaderId))?.next).toBeNull());
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
    expect(Buffer.from((await store.read('front' as ReaderId))?.current ?? []).toString('hex')).toBe(sent[0]?.[1]);
    expect(JSON.stringify(records)).not.toContain(sent[0]?.[1]);
  });

  it(`tries a reader that does not settle ${ROTATION_ATTEMPTS_MAX} times`, async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const { desk, store, sent, state } = deskOf(['front']);
    await give(store, 'front');
    await desk.start();
    state.answer = 'reader.timeout';
    const begun = await rotate(desk, 'front');
    if (!begun.ok) throw new TypeError(begun.code);
    for (let attempt = 0; attempt < ROTATION_ATTEMPTS_MAX + 2; attempt += 1) {
      await settle();
      await vi.advanceTimersByTimeAsync(ROTATION_RETRY_MS + 1_000);
    }
    expect(sent).toHaveLength(ROTATION_ATTEMPTS_MAX);
    expect((await desk.find(begun.operation.id))?.readers[0]).toMatchObject({ state: 'failed', code: 'reader.timeout' });
    desk.stop();
  });

  it('fails at once for a reader without a key', async () => {
    const { desk, sent } = deskOf(['front']);
    const begun = await rotate(desk, 'front');
    expect(begun).toMatchObject({ ok: true, operation: { readers: [{ state: 'failed', code: 'reader.key_missing' }] } });
    expect(sent).toEqual([]);
  });
});

describe('pairing', () => {
  it(`is refused after ${PAIRINGS_MAX} windows within an hour, and works again an hour later`, async () => {
    vi.useFakeTimers({ now: 10_000_000 });
    const { desk, state } = deskOf(['front']);
    state.isOnline = false;
    const order = {
      operatorId: 'ann',
      decisionId: 'dec' as DecisionId,
      request: { kind: 'pair', readerId: 'front' as ReaderId, durationMs: 60_000 },
    } as const;
    for (let window = 0; window < PAIRINGS_MAX; window += 1) {
      const begun = await desk.begin(order);
      if (!begun.ok) throw new TypeError(begun.code);
      await settle();
      expect(await desk.find(begun.operation.id)).toMatchObject({ readers: [{ state: 'failed', code: 'reader.timeout' }] });
    }
    expect(await desk.begin(order)).toEqual({ ok: false, code: 'operation.pairings_exceeded' });
    vi.setSystemTime(10_000_000 + 3_600_000);
    expect(await desk.begin(order)).toMatchObject({ ok: true });
  });
});
