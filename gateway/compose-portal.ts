import { createAuthorizeSelf, type AuthorizeSelfDeps } from './app/self/authorize-self.ts';
import { createBadgeSightings } from './app/self/badge-sightings.ts';
import { createGrantedResources } from './app/self/granted-resources.ts';
import { createOwnAccess, type OwnAccessDeps } from './app/self/own-access.ts';
import { createReadOwnLog } from './app/self/own-log.ts';
import { createReadOwnOverview } from './app/self/own-overview.ts';
import { createOwnComputers } from './app/self/own-computers.ts';
import { createOwnPasskeys } from './app/self/own-passkeys.ts';
import { createRecoveryOf } from './app/self/own-recovery.ts';
import { createOwnSessions } from './app/self/own-sessions.ts';
import { createRecoveryDesk } from './app/self/recovery-desk.ts';
import { staffedReaders } from './app/self/staffed-readers.ts';
import type { AuthorizeOperator } from './app/access/types.ts';
import type { AddedApps } from './app/apps/added-apps.ts';
import type { RevokeDesk } from './app/desk/revoke-desk.ts';
import type { VpnSessions } from './app/vpn/sessions.ts';
import type { PolicyData } from './domain/access/policy-data.ts';
import type { Portal } from './http/portal.ts';
import type { Config } from './platform/config/config.ts';
import type { AuditLog, AuditReader } from './ports/audit-log.ts';
import type { CredentialStore } from './ports/credential-store.ts';
import type { DeskDeviceStore } from './ports/desk-device-store.ts';
import type { LiveSessions } from './ports/live-sessions.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { PreferenceStore } from './ports/preference-store.ts';
import type { SessionStore } from './ports/session-store.ts';
import type { PersonId } from './domain/site/ids.ts';
import type { VpnSessionStore } from './ports/vpn-session-store.ts';
import { createAdditionCeremonies } from './webauthn/addition.ts';
import type { EnrolmentCeremonies } from './webauthn/enrolment.ts';

export interface PortalParts extends AuthorizeSelfDeps, Omit<OwnAccessDeps, 'granted' | 'listed' | 'audit'> {
  readonly config: Pick<Config, 'publicUrl' | 'portal' | 'clients' | 'websites'>;
  readonly addedApps: Pick<AddedApps, 'find'>;
  readonly currentData: () => Promise<PolicyData>;
  readonly credentials: CredentialStore;
  readonly sessions: SessionStore;
  readonly vpnSessions: Pick<VpnSessionStore, 'ofPerson'>;
  /** Null where no VPN realm is configured. */
  readonly vpn: { readonly sessions: Pick<VpnSessions, 'endAllOf'> } | null;
  readonly preferences: PreferenceStore;
  readonly deskDevices: Pick<DeskDeviceStore, 'ofPerson'>;
  readonly revokeDesk: Pick<RevokeDesk, 'revoke'>;
  readonly oneTime: OneTimeStore;
  readonly liveSessions: LiveSessions;
  readonly enrolment: Pick<EnrolmentCeremonies, 'offerCode' | 'withdraw'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: AuditLog;
  readonly auditReader: AuditReader;
}

/** People's own side, over the same policy, log and sessions as everything else. */
export function composePortal(parts: PortalParts): Portal {
  const { config, enrolment, sites, vpn, vpnSessions } = parts;
  const { badgeWindowS, listed, recoveryCodeTtlS, sessionTtlS, staffedReaders: staffed } = config.portal;
  const readers = staffedReaders(sites, staffed);
  const ownSessions = createOwnSessions({ ...parts, vpn: vpn === null ? null : { store: vpnSessions, sessions: vpn.sessions } });
  const withdrawLinks = (personId: PersonId): Promise<void> => enrolment.withdraw(personId);
  // A link is for a longer time than a code, and made elsewhere.
  const settings = { publicUrl: config.publicUrl, enrolmentLinkTtlS: recoveryCodeTtlS };
  const recoveryOf = createRecoveryOf({ ...parts, staffedPlaces: readers });
  return {
    sessionTtlS,
    authorizeSelf: createAuthorizeSelf(parts),
    addition: createAdditionCeremonies({ ...parts, settings }),
    passkeys: createOwnPasskeys({ ...parts, ownSessions, recoveryOf, withdrawLinks }),
    computers: createOwnComputers({ ...parts, devices: parts.deskDevices, ownSessions }),
    sessions: ownSessions,
    access: createOwnAccess({ ...parts, granted: createGrantedResources(parts), listed: new Set(listed) }),
    readLog: createReadOwnLog(parts),
    readOverview: createReadOwnOverview(parts),
    preferences: parts.preferences,
    recovery: createRecoveryDesk({
      ...parts,
      ownSessions,
      sightings: createBadgeSightings({ ...parts, readers, windowS: badgeWindowS }),
      offerCode: (request) => enrolment.offerCode(request),
      withdrawLinks,
      codeTtlS: recoveryCodeTtlS,
    }),
    appUrlOf: createAppUrlOf(parts),
  };
}

/** Where the app's own pages are, as far as anybody said: a website's first path, or the origin that sign-ins return to. */
function createAppUrlOf({ config: { clients, websites }, addedApps }: Pick<PortalParts, 'config' | 'addedApps'>): Portal['appUrlOf'] {
  const websiteUrls = new Map(websites.map(({ appId, origin, paths }) => [appId, `${origin}${paths[0] ?? '/'}`]));
  const clientUrls = new Map(clients.map(({ appId, redirectUris }) => [appId, firstOrigin(redirectUris)]));
  return (appId) => {
    const configured = websiteUrls.get(appId) ?? clientUrls.get(appId);
    if (configured !== undefined) return configured;
    const added = addedApps.find(appId);
    if (added === undefined) return null;
    return added.origin === null ? firstOrigin(added.redirectUris) : `${added.origin}${added.paths[0] ?? '/'}`;
  };
}

/** A native app returns to a scheme of its own, where no browser can go. */
function firstOrigin(redirectUris: readonly string[]): string | null {
  const first = redirectUris.find((uri) => URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol));
  return first === undefined ? null : new URL(first).origin;
}
