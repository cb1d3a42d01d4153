import type { DecisionContext } from '../../domain/access/decision-input.ts';
import { NO_DEVICE, NO_FACE } from '../../domain/access/input-facts.ts';
import { toDeskFaceFacts, type DeskSession } from '../../domain/desk/desk-session.ts';
import { toDeviceFacts } from '../../domain/desk/device-facts.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { DeskSessionStore } from '../../ports/desk-session-store.ts';

export type DeskFacts = Pick<DecisionContext, 'face' | 'device'>;
/** What a sign-in session of the person has from their computer, as the policy reads it. */
export type FindDeskFacts = (sessionUid: string | null, personId: PersonId, nowMs: number) => Promise<DeskFacts>;

interface Deps {
  readonly devices: Pick<DeskDeviceStore, 'find'>;
  readonly sessions: Pick<DeskSessionStore, 'find'>;
}

const NOTHING: DeskFacts = { face: NO_FACE, device: NO_DEVICE };

export function createFindDeskFacts({ devices, sessions }: Deps): FindDeskFacts {
  return async (sessionUid, personId, nowMs) => {
    const session = sessionUid === null ? null : await sessions.find(sessionUid, nowMs);
    if (session?.personId !== personId) return NOTHING;
    const device = session.deviceId === null ? null : await devices.find(session.deviceId);
    const isTheirs = device?.personId === personId && device.status === 'active';
    // What a revoked computer said counts no more; that it took part is not forgotten.
    const believed: DeskSession = isTheirs ? session : { ...session, look: null };
    return { face: toDeskFaceFacts(believed, nowMs), device: toDeviceFacts(device, nowMs) };
  };
}
