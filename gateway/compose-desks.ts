import { createDeskAgents } from './app/desk/desk-agents.ts';
import { createDeskGate } from './app/desk/desk-gate.ts';
import { createDeskLooks } from './app/desk/desk-looks.ts';
import { createDeskRecords } from './app/desk/desk-records.ts';
import { DESK_AGENT_PORT, type Desks } from './app/desk/desks.ts';
import { createFaceAlternatives } from './app/desk/face-alternatives.ts';
import { createRevokeDesk } from './app/desk/revoke-desk.ts';
import type { Refuse } from './app/access/refuse.ts';
import type { AuthorizeOperator } from './app/access/types.ts';
import type { GatewayStatements } from './oidc/statement-signer.ts';
import { FRESH_BADGE_S } from './oidc/types.ts';
import type { VpnSessions } from './app/vpn/sessions.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Clock } from './ports/clock.ts';
import type { DeskDeviceStore } from './ports/desk-device-store.ts';
import type { DeskSessionStore } from './ports/desk-session-store.ts';
import type { LiveSessions } from './ports/live-sessions.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { PeopleStore } from './ports/people-store.ts';
import type { PresenceStore } from './ports/presence-store.ts';
import type { Random } from './ports/random.ts';

export interface DeskParts {
  readonly deskDevices: DeskDeviceStore;
  readonly deskSessions: DeskSessionStore;
  readonly oneTime: OneTimeStore;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly liveSessions: Pick<LiveSessions, 'endOne'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly refuse: Refuse;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly statements: GatewayStatements;
  /** Null where no VPN realm is configured. */
  readonly tunnels: Pick<VpnSessions, 'endAllOfDevice'> | null;
  readonly settings: { readonly sessionTtlS: number; readonly freshBadgeS?: number; readonly deskAgentPort?: number };
}

/** People's computers with everything that belongs to them. */
export function composeDesks(parts: DeskParts): Desks {
  const { deskDevices: devices, deskSessions: sessions, settings, statements } = parts;
  const sessionTtlMs = settings.sessionTtlS * 1_000;
  const deps = { ...parts, devices, sessions, records: createDeskRecords(parts), sessionTtlMs };
  const revokeDesk = createRevokeDesk(deps);
  return {
    revokeDesk,
    gate: createDeskGate({ ...deps, revokeDesk }),
    agents: createDeskAgents(deps),
    looks: createDeskLooks({ ...deps, issuer: statements.issuer, sign: (payload, typ) => statements.sign(payload, typ) }),
    alternatives: createFaceAlternatives({ ...deps, freshBadgeMs: (settings.freshBadgeS ?? FRESH_BADGE_S) * 1_000 }),
    agentOrigin: `http://127.0.0.1:${String(settings.deskAgentPort ?? DESK_AGENT_PORT)}`,
  };
}
