import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createDoorStates } from './app/doors/door-states.ts';
import { createEndLapsedSessions } from './app/presence/end-lapsed-sessions.ts';
import { createLogFollower } from './app/presence/follow-log.ts';
import { composeFaces } from './compose-faces.ts';
import type { Vpn } from './compose-vpn.ts';
import { startDoorThread } from './compose-door-thread.ts';
import type { Records } from './compose-records.ts';
import { BadgeAnswers } from './oidc/sign-in/badge-answers.ts';
import type { Asking } from './compose-asking.ts';
import type { ComposeOptions } from './compose-options.ts';

export interface Stores {
  readonly records: Records;
  readonly audit: OpenedAuditLog;
}

/** The door thread, the projections of the log, and what a revocation closes. */
export async function composeDoors({ config, log, onFatal }: ComposeOptions, deps: Asking & Stores & { readonly vpn: Vpn | null }) {
  const { audit, clock, idp, people, records, sites } = deps;
  const doorStates = createDoorStates(sites);
  const endLapsedSessions = createEndLapsedSessions({ sites, liveSessions: idp.liveSessions, authorizeApp: deps.authorizeApp });
  const unfollowLog = createLogFollower({
    audit,
    doorStates,
    presence: records.presences,
    endLapsedSessions,
    onFailure: (event, failure) => log.error(event, {}, failure),
  });
  const badgeReaders = config.installation.readers.filter(({ answersSignIns }) => answersSignIns === true).map(({ id }) => id);
  const badgeAnswers = new BadgeAnswers({ audit, backChannel: idp.backChannel, readers: new Set(badgeReaders), log });
  const unfollowBadges = badgeAnswers.follow();
  const doorNode = await startDoorThread({ config, audit, doorStates, clock, log, onGivenUp: onFatal });
  const { stopFaces, ...faces } = await composeFaces({ ...deps, doorNode, endLapsedSessions, log });
  const unfollow = (): void => {
    unfollowBadges();
    unfollowLog();
    stopFaces();
  };
  const { liveSessions } = idp;
  const lent = faces.face.leases?.lent ?? null;
  // A door that has none any more may have had one before this start.
  const isLent = config.installation.doors.some(({ offlineLeaseS = 0 }) => offlineLeaseS > 0) || (await lent?.isAnyLeft()) === true;
  const revoking = {
    people,
    clock,
    sessions: records.sessions,
    oneTime: records.oneTime,
    liveSessions,
    doorNode,
    audit,
    vpn: deps.vpn?.sessions ?? null,
    leases: isLent ? lent : null,
  };
  const { authorizeOperator } = deps;
  return { ...faces, doorStates, doorNode, unfollow, endLapsedSessions, revoking: { ...revoking, authorizeOperator } };
}

export type Doors = Awaited<ReturnType<typeof composeDoors>>;
