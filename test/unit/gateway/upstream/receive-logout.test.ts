import { describe, expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { createReceiveLogout } from '#gateway/upstream/receive-logout.ts';
import type { UpstreamClient } from '#gateway/upstream/upstream-client.ts';
import { UpstreamFailure } from '#gateway/upstream/upstream-failure.ts';

/** Each token is its own id. */
const client = {
  config: { id: 'corp' },
  verifyLogout: async (tokenId: string) => ({ subject: 'sub-ann', sid: null, tokenId }),
} as unknown as UpstreamClient;
const unavailable = () => Promise.reject(new GatewayError('store.unavailable', 'busy'));

function setUp() {
  const { oneTime } = createMemoryStores();
  const endings = { count: 0, end: (): Promise<number> => Promise.resolve(1) };
  const receive = createReceiveLogout({
    oneTime,
    clock: { nowMs: () => 1_000, monotonicUs: () => 0 },
    endSessions: () => {
      endings.count += 1;
      return endings.end();
    },
  });
  return { oneTime, endings, receive };
}

describe('a logout token of a provider', () => {
  it('counts once', async () => {
    const rig = setUp();
    expect(await rig.receive(client, 'one')).toEqual({ ok: true, ended: 1 });
    expect(await rig.receive(client, 'one')).toEqual({ ok: false });
    expect(await rig.receive(client, 'two')).toEqual({ ok: true, ended: 1 });
    expect(rig.endings.count).toBe(2);
  });

  it('counts when it comes again after sessions could not be ended', async () => {
    const rig = setUp();
    rig.endings.end = unavailable;
    await expect(rig.receive(client, 'one')).rejects.toMatchObject({ code: 'store.unavailable' });
    rig.endings.end = () => Promise.resolve(1);
    expect(await rig.receive(client, 'one')).toEqual({ ok: true, ended: 1 });
    expect(await rig.receive(client, 'one')).toEqual({ ok: false });
  });

  it('counts when it comes again after its use could not be stored', async () => {
    const rig = setUp();
    const putNew = rig.oneTime.putNew.bind(rig.oneTime);
    rig.oneTime.putNew = unavailable;
    await expect(rig.receive(client, 'one')).rejects.toMatchObject({ code: 'store.unavailable' });
    rig.oneTime.putNew = putNew;
    expect(await rig.receive(client, 'one')).toMatchObject({ ok: true });
  });

  it('is refused while the same one is under way, and counts again when that one failed', async () => {
    const rig = setUp();
    const gate = Promise.withResolvers<number>();
    rig.endings.end = () => gate.promise;
    const first = rig.receive(client, 'one');
    expect(await rig.receive(client, 'one')).toEqual({ ok: false });
    gate.reject(new GatewayError('store.unavailable', 'busy'));
    await expect(first).rejects.toMatchObject({ code: 'store.unavailable' });
    rig.endings.end = () => Promise.resolve(1);
    expect(await rig.receive(client, 'one')).toEqual({ ok: true, ended: 1 });
  });

  it('of which nobody knows whether it is valid ends nothing, and is not used up', async () => {
    const rig = setUp();
    const lost = { ...client, verifyLogout: () => Promise.reject(new UpstreamFailure('upstream.unreachable')) };
    await expect(rig.receive(lost, 'one')).rejects.toMatchObject({ problem: 'upstream.unreachable' });
    expect(rig.endings.count).toBe(0);
    expect(await rig.receive(client, 'one')).toMatchObject({ ok: true });
  });
});
