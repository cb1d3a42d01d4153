import type { DeskDevice, DeskRevocation } from '../../domain/desk/desk-device.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { DeskDeviceId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { DeskSessionStore } from '../../ports/desk-session-store.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import { addClosed, NOTHING_CLOSED, toClosed, type Closed } from '../self/closed.ts';
import type { VpnSessions } from '../vpn/sessions.ts';
import type { DeskRecords } from './desk-records.ts';

/** Why its sessions ended, in the log: an operator revoked the computer, its person removed it, or left. */
type DeskEndCause = 'desk.revoked' | 'desk.removed' | 'desk.owner_left';
const END_CAUSES: Readonly<Record<DeskRevocation['because'], DeskEndCause>> = {
  operator: 'desk.revoked',
  owner: 'desk.removed',
  departed: 'desk.owner_left',
  suspended: 'desk.owner_left',
  employment_ended: 'desk.owner_left',
};

/** Takes computers out of use. The caller has decided that it may be done. */
export interface RevokeDesk {
  /**
   * Its word counts no more, first of all; then the sign-ins that rest on it end with their apps and tokens, and so do its own sessions at a
   * Wi-Fi. Said again of one that is
   * revoked already, it ends what may be left.
   * @throws store.unavailable, audit.unavailable after it is out of use: what could be ended is ended all the same
   */
  revoke(device: DeskDevice, by: { readonly operatorId: string; readonly because: DeskRevocation['because'] }): Promise<Closed>;
  /** At start: the gateway may have ended between the two. Returns how many sessions were left. @throws as `revoke` */
  resume(): Promise<number>;
}

interface Deps {
  readonly devices: Pick<DeskDeviceStore, 'list' | 'revoke'>;
  readonly sessions: Pick<DeskSessionStore, 'ofDevice'>;
  readonly liveSessions: Pick<LiveSessions, 'endOne'>;
  /** Null where no VPN realm is configured. */
  readonly tunnels: Pick<VpnSessions, 'endAllOfDevice'> | null;
  readonly records: Pick<DeskRecords, 'changed'>;
  readonly clock: Clock;
}

export function createRevokeDesk({ clock, devices, liveSessions, records, sessions, tunnels }: Deps): RevokeDesk {
  const endTunnels = async (device: Pick<DeskDevice, 'id' | 'personId'>, cause: DeskEndCause): Promise<Closed> => {
    if (tunnels === null) return NOTHING_CLOSED;
    try {
      return { ...NOTHING_CLOSED, sessions: await tunnels.endAllOfDevice(device, cause) };
    } catch (failure) {
      // Not told is not ended, which the answer says.
      if (failure instanceof GatewayError && failure.code === 'vpn.unavailable') return { ...NOTHING_CLOSED, residual: ['vpn'] };
      throw failure;
    }
  };

  const endAllOf = async (id: DeskDeviceId, cause: DeskEndCause): Promise<Closed> => {
    const bound = await sessions.ofDevice(id, clock.nowMs());
    const endings = await Promise.allSettled(bound.map(({ personId, sessionUid }) => liveSessions.endOne(personId, sessionUid, cause)));
    const failed = endings.find((ending) => ending.status === 'rejected');
    if (failed !== undefined) {
      if (failed.reason instanceof GatewayError) throw failed.reason;
      throw new GatewayError('store.unavailable', 'A session of this computer could not be ended.', { cause: failed.reason });
    }
    const ended = endings.flatMap((ending) => (ending.status === 'fulfilled' && ending.value !== null ? [toClosed(ending.value)] : []));
    return ended.reduce(addClosed, NOTHING_CLOSED);
  };
  return {
    revoke: async ({ id, personId, status }, { because, operatorId }) => {
      const cause = END_CAUSES[because];
      if (status === 'active') {
        await records.changed(personId, operatorId, [`-desk:${id}`, ...(cause === 'desk.owner_left' ? [`because:${because}`] : [])]);
        await devices.revoke(id, { atMs: clock.nowMs(), because });
      }
      // Side by side: an app that takes its time must not keep a session at a Wi-Fi open.
      const [apps, tunnelsEnded] = await Promise.all([endAllOf(id, cause), endTunnels({ id, personId }, cause)]);
      return addClosed(apps, tunnelsEnded);
    },
    resume: async () => {
      let left = 0;
      for (const { id, personId, revocation, status } of await devices.list()) {
        if (status !== 'revoked') continue;
        const cause = END_CAUSES[revocation?.because ?? 'operator'];
        left += (await endAllOf(id, cause)).sessions + (await endTunnels({ id, personId }, cause)).sessions;
      }
      return left;
    },
  };
}
