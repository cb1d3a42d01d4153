import { NO_FACE } from '../../domain/access/input-facts.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import { NO_PIN } from '../access/facts.ts';
import type { FaceSeen } from '../face/face-desk.ts';
import { decideUnderCurrentEpoch, refused, type BadgeDecision, type BadgeReadDeps, type CardRead } from './badge-read.ts';
import type { PinFacts } from './pin-check.ts';

/** A badge whose permit waited for a face. */
export interface FaceEntry {
  readonly read: CardRead;
  /** The decision that asked for it. */
  readonly askedBy: DecisionId;
  readonly personId: PersonId;
  /** Of the entry before; null where none was asked for. */
  readonly pin: PinFacts | null;
  readonly answer: FaceSeen;
}

/** The question after a face. Never throws; without a terminal's word that holds, it is a deny that says why. */
export function createFaceRead(deps: BadgeReadDeps): (entry: FaceEntry) => Promise<BadgeDecision> {
  return async ({ read, askedBy, personId, pin, answer }) => {
    try {
      if (!answer.ok) return await refused(deps, read, answer.code, personId);
      return await decideUnderCurrentEpoch(deps, read, {
        // Whose face and PIN were compared, or nobody's: the badge may have got another holder meanwhile.
        pinOf: async (holder) => {
          if (pin === null) return deps.pins.before(holder.id, read.reader.id);
          return holder.id === personId ? pin : { ...NO_PIN, asked: true };
        },
        faceOf: (holder) => (holder.id === answer.personId ? answer.face : NO_FACE),
        // A question for a face, or for a PIN, would be the second one: a deny.
        understands: ['extended_open_time', 'second_person'],
        correlation: askedBy,
      });
    } catch {
      return refused(deps, read, 'store.unavailable', personId);
    }
  };
}
