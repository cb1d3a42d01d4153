import type { AreaId, PersonId, SiteId } from '../site/ids.ts';

export type PresenceState = 'outside' | 'inside' | 'stale' | 'unknown';
export type Confidence = 'high' | 'medium' | 'low' | 'none';

/** Where a person is believed to be. Free egress means that people can leave unseen: belief ages and has a confidence. */
export interface Presence {
  readonly personId: PersonId;
  readonly state: PresenceState;
  readonly siteId: SiteId | null;
  readonly areaId: AreaId | null;
  readonly confidence: Confidence;
  /** When the fact was observed (epoch ms). */
  readonly observedAtMs: number;
  /** Sequence number of the log entry that caused it: an older entry never overwrites a newer one. */
  readonly sourceSeq: number;
}

/** Presence that nothing refreshed for this long is `stale` (an unread exit is likely). */
export const PRESENCE_STALE_AFTER_MS = 10 * 3_600_000;

/** The presence to believe at `nowMs`: the stored one, aged. */
export function agedPresence(presence: Presence, nowMs: number): Presence {
  if (presence.state !== 'inside' || nowMs - presence.observedAtMs < PRESENCE_STALE_AFTER_MS) return presence;
  return { ...presence, state: 'stale', confidence: 'none' };
}
