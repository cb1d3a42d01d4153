import { agedPresence } from '../../domain/presence/presence.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskSessionStore } from '../../ports/desk-session-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Authentication } from '../access/types.ts';

interface Signed {
  readonly sessionUid: string;
  readonly personId: PersonId;
}

/** What a person gives in place of their face, asked for it: nobody has to be looked at. The policy says where it is enough. */
export interface FaceAlternatives {
  /** False: the key may be copied to other devices, and shows no more than the sign-in did. */
  giveKey(at: Signed, authentication: Authentication): Promise<boolean>;
  /** False: the person has not badged in a short while ago. */
  giveBadge(at: Signed): Promise<boolean>;
}

interface Deps {
  readonly sessions: Pick<DeskSessionStore, 'giveAlternative'>;
  readonly presence: Pick<PresenceStore, 'find'>;
  readonly clock: Clock;
  readonly sessionTtlMs: number;
  /** How long a badge at a reader counts as fresh. */
  readonly freshBadgeMs: number;
}

export function createFaceAlternatives({ clock, freshBadgeMs, presence, sessionTtlMs, sessions }: Deps): FaceAlternatives {
  const give = async (at: Signed, kind: 'security_key' | 'badge'): Promise<true> => {
    const nowMs = clock.nowMs();
    await sessions.giveAlternative({ ...at, expiresAtMs: nowMs + sessionTtlMs }, { kind, givenAtMs: nowMs });
    return true;
  };
  return {
    giveKey: async (at, { amr, userVerified }) => userVerified && amr.includes('hwk') && give(at, 'security_key'),
    giveBadge: async (at) => {
      const kept = await presence.find(at.personId);
      if (kept === null) return false;
      const nowMs = clock.nowMs();
      const { confidence, observedAtMs, state } = agedPresence(kept, nowMs);
      const isHere = state === 'inside' && (confidence === 'high' || confidence === 'medium');
      return isHere && nowMs - observedAtMs <= freshBadgeMs && give(at, 'badge');
    },
  };
}
