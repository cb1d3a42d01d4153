import type { DecisionId, DeskDeviceId, PersonId, SessionId, VpnRealmId } from '../domain/site/ids.ts';

/** A tunnel that a VPN server says is up. */
export interface VpnSession {
  readonly id: SessionId;
  readonly realmId: VpnRealmId;
  readonly personId: PersonId;
  /** As the VPN server knows the person: by this name its tunnels are ended. */
  readonly userName: string;
  /** The VPN server's own name of the session, unique in its realm while it lives. */
  readonly serverSessionId: string;
  readonly startedAtMs: number;
  /** When the VPN server last said that it is up. */
  readonly seenAtMs: number;
  /** Where the VPN server says that the device is; null = it did not say. */
  readonly ip: string | null;
  /** Of the sign-in that it began with; null = not known, which the policy denies when it is asked again. */
  readonly authentication: {
    readonly amr: readonly string[];
    readonly acr: string;
    readonly userVerified: boolean;
    readonly authenticatedAtMs: number;
  } | null;
  /** The permit that it began with; null = not known. */
  readonly decisionId: DecisionId | null;
  /** Joins the decisions about it. */
  readonly correlation: string;
  /** The computer whose certificate it began with; null = it began otherwise. */
  readonly deviceId: DeskDeviceId | null;
  /** What the server that tells of it calls itself: its address, or its name. Null = it did not say. */
  readonly nas: string | null;
}

/** Longest name that a VPN server or an access point may give itself, characters. */
export const NAS_CHARS_MAX = 253;

/** Tunnels of one person at a time: one more is refused, because a tunnel that is forgotten could not be ended. */
export const VPN_SESSIONS_PER_PERSON_MAX = 20;

/** Longest name that a VPN server may give to a session, characters. */
export const SERVER_SESSION_ID_CHARS_MAX = 253;

export interface VpnSessionStore {
  /** `known` = the realm has a session of this name already, and nothing changed; `full` = the person has VPN_SESSIONS_PER_PERSON_MAX. Atomic. */
  start(session: VpnSession): Promise<'started' | 'known' | 'full'>;
  find(realmId: VpnRealmId, serverSessionId: string): Promise<VpnSession | null>;
  /** Moves `seenAtMs`; false when the session has ended meanwhile. */
  seen(id: SessionId, nowMs: number): Promise<boolean>;
  /** Oldest first. */
  ofRealm(realmId: VpnRealmId): Promise<readonly VpnSession[]>;
  /** Oldest first. */
  ofPerson(personId: PersonId): Promise<readonly VpnSession[]>;
  /** Removes it: exactly one of many concurrent callers gets it. */
  end(id: SessionId): Promise<VpnSession | null>;
  /** Removes and returns the realm's sessions that were last seen before the instant, `limit` at most. */
  endSilent(realmId: VpnRealmId, seenBeforeMs: number, limit: number): Promise<readonly VpnSession[]>;
}
