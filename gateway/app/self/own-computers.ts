import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { ConsoleSession } from '../../ports/session-store.ts';
import type { RevokeDesk } from '../desk/revoke-desk.ts';
import { addClosed, type Closed } from './closed.ts';
import type { OwnSessions } from './own-sessions.ts';

export interface ComputerRemoval {
  readonly personId: PersonId;
  readonly id: DeskDeviceId;
  /** `lost`: somebody else may have it. */
  readonly because: 'unused' | 'lost';
  /** The one that the removal is ordered from: it stays. */
  readonly session: Pick<ConsoleSession, 'id'>;
}

/** The caller has decided that the person may (`self.change`). All throw store.unavailable. */
export interface OwnComputers {
  /** Those that are in use, the oldest first. */
  list(personId: PersonId): Promise<readonly DeskDevice[]>;
  /** @throws resource.unknown, audit.unavailable after it is out of use */
  remove(removal: ComputerRemoval): Promise<Closed>;
}

interface Deps {
  readonly devices: Pick<DeskDeviceStore, 'ofPerson'>;
  readonly revokeDesk: Pick<RevokeDesk, 'revoke'>;
  readonly ownSessions: Pick<OwnSessions, 'closeOthers'>;
}

export function createOwnComputers({ devices, ownSessions, revokeDesk }: Deps): OwnComputers {
  return {
    list: (personId) => devices.ofPerson(personId),
    remove: async ({ because, id, personId, session }) => {
      const device = (await devices.ofPerson(personId)).find((own) => own.id === id);
      // Another person's is as unknown as none.
      if (device === undefined) throw new GatewayError('resource.unknown', 'You have no such computer.');
      const revoking = revokeDesk.revoke(device, { operatorId: personId, because: 'owner' });
      if (because === 'unused') return revoking;
      // What was signed in to on it before its agent ever answered is not known to be of it. It ends whatever became of the rest.
      const [revoked] = await Promise.allSettled([revoking]);
      const others = await ownSessions.closeOthers(personId, session.id, 'desk.lost');
      if (revoked.status === 'rejected') throw revoked.reason;
      return addClosed(revoked.value, others);
    },
  };
}
