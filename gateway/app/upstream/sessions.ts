import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { UpstreamStore } from '../../ports/upstream-store.ts';

/** The sign-in at an identity provider outside that a session here began with. */
export const upstreamOriginSchema = z
  .strictObject({
    upstreamId: z.string(),
    subject: z.string(),
    /** The provider's own name of its session. */
    sid: z.string().nullable(),
    /** `iat` of the ID token. */
    issuedAtMs: z.number(),
  })
  .readonly();
export type UpstreamOrigin = z.infer<typeof upstreamOriginSchema>;

/** Whom a provider's logout is about: a session, everything of a subject, or that subject's session. */
export interface EndedElsewhere {
  readonly upstreamId: string;
  readonly subject: string | null;
  readonly sid: string | null;
}

export interface BoundSession {
  readonly personId: PersonId;
  readonly sessionUid: string;
  readonly origin: UpstreamOrigin;
}

export type BindUpstreamSession = (session: BoundSession) => Promise<boolean>;
export type EndUpstreamSessions = (ended: EndedElsewhere) => Promise<number>;

interface Deps {
  readonly sessions: Pick<UpstreamStore, 'saveSession' | 'takeSessions'>;
  readonly oneTime: Pick<OneTimeStore, 'put' | 'peek'>;
  readonly clock: Clock;
}

/** As long as a sign-in that was under way may take. */
export const ENDED_TTL_MS = 900_000;
const endedSchema = z.strictObject({ endedAtMs: z.number() });

function keysOf({ sid, subject, upstreamId }: EndedElsewhere): readonly string[] {
  if (sid !== null) return [`sid ${upstreamId} ${sid}`];
  return subject === null ? [] : [`sub ${upstreamId} ${subject}`];
}

/**
 * The provider may end the session from now on. False: it has ended what the session would begin with already, so that it must not begin.
 * @throws store.unavailable
 */
export function createBindUpstreamSession(deps: Deps & { readonly sessionTtlS: number }): BindUpstreamSession {
  const { clock, oneTime, sessions } = deps;
  const hasEnded = async (key: string, issuedAtMs: number): Promise<boolean> => {
    const payloadJson = await oneTime.peek('upstream_logout', key, clock.nowMs());
    return payloadJson !== null && issuedAtMs <= endedSchema.parse(JSON.parse(payloadJson)).endedAtMs;
  };

  return async ({ origin, personId, sessionUid }) => {
    const { issuedAtMs, sid, subject, upstreamId } = origin;
    const nowMs = clock.nowMs();
    const expiresAtMs = nowMs + deps.sessionTtlS * 1_000;
    // Stored first, then compared: a logout at the same moment finds the session, or is found here.
    await sessions.saveSession({ upstreamId, subject, sid, personId, sessionUid, expiresAtMs }, nowMs);
    for (const key of [...keysOf({ upstreamId, subject, sid }), ...keysOf({ upstreamId, subject, sid: null })]) {
      if (await hasEnded(key, issuedAtMs)) return false;
    }
    return true;
  };
}

/**
 * A logout at the provider ends the sessions that began with it, and what is about to begin; how many there were.
 * After a failure the same may be asked again: what could not be ended is found again.
 * @throws store.unavailable, audit.unavailable the other sessions are ended all the same
 */
export function createEndUpstreamSessions(deps: Deps & { readonly liveSessions: Pick<LiveSessions, 'endOne'> }): EndUpstreamSessions {
  const { clock, liveSessions, oneTime, sessions } = deps;
  return async (ended) => {
    const nowMs = clock.nowMs();
    const payloadJson = JSON.stringify({ endedAtMs: nowMs });
    for (const key of keysOf(ended)) {
      await oneTime.put({ purpose: 'upstream_logout', key, payloadJson, expiresAtMs: nowMs + ENDED_TTL_MS, nowMs });
    }
    const taken = await sessions.takeSessions(ended, nowMs);
    const endings = await Promise.allSettled(
      taken.map(async (session) => {
        const { personId, sessionUid, upstreamId } = session;
        try {
          return await liveSessions.endOne(personId, sessionUid, `upstream:${upstreamId}`);
        } catch (failure) {
          // It may be there still: the provider's next attempt must find it. A store that fails here too leaves no more than the failure.
          await sessions.saveSession(session, nowMs).catch(() => undefined);
          throw failure;
        }
      }),
    );
    const failed = endings.find((ending) => ending.status === 'rejected');
    if (failed !== undefined)
      throw new GatewayError('audit.unavailable', 'The end of a session could not be recorded.', { cause: failed.reason });
    return endings.filter((ending) => ending.status === 'fulfilled' && ending.value !== null).length;
  };
}
