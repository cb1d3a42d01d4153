import { describe, expect, it } from 'vitest';
import { createMemoryDeskDeviceStore } from '#adapters/memory/desk-device-store.ts';
import { createMemoryDeskSessionStore } from '#adapters/memory/desk-session-store.ts';
import { createRevokeDesk } from '#gateway/app/desk/revoke-desk.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { SessionsEnded } from '#gateway/ports/live-sessions.ts';
import { someDeskDevice } from '#test/support/desk/devices.ts';

const ended: SessionsEnded = { sessions: 1, tokens: 0, logoutTokensSent: 2, logoutTokensAcknowledged: 1 };
const ann = 'usr_ann' as PersonId;
const by = { operatorId: 'usr_ada' as PersonId, because: 'operator' } as const;
const device = someDeskDevice('dsk_1', { personId: ann });

const tunnels = `tunnels of dsk_1 of ${ann} ended: desk.revoked`;

/** What happens, in the order in which it does. */
async function rig(endOne: (sessionUid: string) => SessionsEnded | null = () => ended, endTunnels: () => number = () => 0) {
  const [devices, sessions] = [createMemoryDeskDeviceStore(), createMemoryDeskSessionStore()];
  await devices.add(device);
  for (const sessionUid of ['s1', 's2'])
    await sessions.bind({ sessionUid, personId: ann, expiresAtMs: 1_000 }, { deviceId: device.id, look: null });
  const happened: string[] = [];
  const revokeDesk = createRevokeDesk({
    devices: { ...devices, revoke: async (id, why) => (happened.push('out of use'), devices.revoke(id, why)) },
    sessions,
    liveSessions: {
      endOne: async (_personId, sessionUid, cause) => {
        happened.push(`${sessionUid} ended: ${cause}`);
        return endOne(sessionUid);
      },
    },
    tunnels: {
      endAllOfDevice: async ({ id, personId }, cause) => {
        happened.push(`tunnels of ${id} of ${personId} ended: ${cause}`);
        return endTunnels();
      },
    },
    records: { changed: async (_personId, _operatorId, changes) => void happened.push(changes.join()) },
    clock: { nowMs: () => 10, monotonicUs: () => 10 },
  });
  return { devices, happened, revokeDesk };
}

describe('revoking a computer', () => {
  it('is recorded, then counts, then ends each session, and says what apps have not confirmed', async () => {
    const { happened, revokeDesk } = await rig();
    const closed = await revokeDesk.revoke(device, by);
    expect(happened).toEqual(['-desk:dsk_1', 'out of use', tunnels, 's1 ended: desk.revoked', 's2 ended: desk.revoked']);
    expect(closed).toEqual({ sessions: 2, logoutTokensSent: 4, logoutTokensAcknowledged: 2, residual: ['apps'] });
  });

  it('ends the other sessions when one cannot be ended, and says that it failed', async () => {
    const { devices, happened, revokeDesk } = await rig((uid) => {
      if (uid === 's1') throw new GatewayError('audit.unavailable', 'no log');
      return ended;
    });
    await expect(revokeDesk.revoke(device, by)).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(happened).toContain('s2 ended: desk.revoked');
    expect((await devices.find(device.id))?.status).toBe('revoked');
  });

  it('said again ends what is left, and is recorded once', async () => {
    const { happened, revokeDesk } = await rig(() => null);
    const closed = await revokeDesk.revoke({ ...device, status: 'revoked' }, by);
    expect(happened).toEqual([tunnels, 's1 ended: desk.revoked', 's2 ended: desk.revoked']);
    expect(closed.sessions).toBe(0);
  });

  it('goes on at start for those that were revoked, and for no others', async () => {
    const { devices, happened, revokeDesk } = await rig();
    expect(await revokeDesk.resume()).toBe(0);
    expect(happened).toEqual([]);
    await devices.revoke(device.id, { atMs: 5, because: 'operator' });
    expect(await revokeDesk.resume()).toBe(2);
    expect(happened).toEqual(['s1 ended: desk.revoked', 's2 ended: desk.revoked', tunnels]);
  });

  it('ends its sessions at a Wi-Fi, and says when a server there could not be told', async () => {
    const told = await rig(
      () => null,
      () => 2,
    );
    expect(await told.revokeDesk.revoke(device, by)).toMatchObject({ sessions: 2, residual: [] });
    const silent = await rig(
      () => null,
      () => {
        throw new GatewayError('vpn.unavailable', 'silent');
      },
    );
    expect(await silent.revokeDesk.revoke(device, by)).toMatchObject({ sessions: 0, residual: ['vpn'] });
  });
});
