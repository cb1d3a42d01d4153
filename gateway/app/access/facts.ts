import type { DecisionContext, ResourceFacts, SubjectFacts } from '../../domain/access/decision-input.ts';
import { toPolicyEndMs } from '../../domain/access/policy-data.ts';
import type { Badge, CredentialStatus, Person } from '../../domain/people/person.ts';
import { agedPresence, type Presence } from '../../domain/presence/presence.ts';
import type { App, Area, Door } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { NetworkPosture } from './network-posture.ts';
import type { Authentication, NetworkEvidence } from './types.ts';

/*
 * Facts in the input's shape. Every block is complete: what is not known says so and carries neutral values, because a field
 * that is absent would silently switch rules off.
 */

export function personFacts(person: Person | null): SubjectFacts {
  if (person === null) {
    return {
      type: 'person',
      id: '',
      properties: { known: false, status: 'unknown', roles: [], groups: [], clearance: 0, employment_end_ms: 0, accessibility: false },
    };
  }
  return {
    type: 'person',
    id: person.id,
    properties: {
      known: true,
      status: person.standing,
      roles: [...person.roles],
      groups: [...person.groups],
      clearance: person.clearance,
      employment_end_ms: toPolicyEndMs(person.employmentEndMs),
      accessibility: person.accessibility,
    },
  };
}

/** The owner of the host's control socket: no row of the people store, and a role of its own. */
export const HOST_OPERATOR: SubjectFacts = {
  type: 'person',
  id: 'local',
  properties: { known: true, status: 'active', roles: ['host'], groups: [], clearance: 0, employment_end_ms: 0, accessibility: false },
};

const NO_RESOURCE_PROPERTIES: ResourceFacts['properties'] = {
  known: true,
  site: '',
  area: '',
  security_level: 0,
  mode: 'none',
  requires_app: '',
  requires_pin: '',
  allowed_networks: [],
  max_auth_age_s: 0,
  max_presence_age_s: 0,
};

export function doorFacts(door: Door, area: Area | undefined): ResourceFacts {
  return {
    type: 'door',
    id: door.id,
    properties: {
      ...NO_RESOURCE_PROPERTIES,
      known: area !== undefined,
      site: door.siteId,
      area: door.toAreaId,
      security_level: area?.securityLevel ?? 5,
      mode: 'normal',
      requires_app: area?.requiresAppId ?? '',
      requires_pin: door.requiresPin ?? '',
    },
  };
}

export function appFacts(app: App): ResourceFacts {
  return {
    type: 'app',
    id: app.id,
    properties: {
      ...NO_RESOURCE_PROPERTIES,
      site: app.siteId ?? '',
      area: app.requiresAreaId ?? '',
      security_level: app.sensitivity,
      allowed_networks: [...app.allowedNetworks],
      max_auth_age_s: app.maxAuthAgeS,
      max_presence_age_s: app.maxPresenceAgeS,
    },
  };
}

/** A resource that the configuration does not have: the policy denies it by `known: false`. */
export function unknownResourceFacts(type: ResourceFacts['type'], id: string): ResourceFacts {
  return { type, id: id === '' ? 'unknown' : id, properties: { ...NO_RESOURCE_PROPERTIES, known: false } };
}

export function operatedFacts(target: {
  readonly type: 'person' | 'door' | 'app' | 'console' | 'policy' | 'reader' | 'site' | 'portal';
  readonly id: string;
}): ResourceFacts {
  return { type: target.type, id: target.id, properties: NO_RESOURCE_PROPERTIES };
}

/** No PIN, and none to come: what every credential but a badge at an entry reader says. */
export const NO_PIN: DecisionContext['credential']['pin'] = {
  enrolled: false,
  asked: false,
  presented: false,
  ok: false,
  duress: false,
  attempts_left: 0,
};

export function badgeFacts(
  badge: Badge | null,
  { readAtMs, nowMs, pin = NO_PIN }: { readonly readAtMs: number; readonly nowMs: number; readonly pin?: typeof NO_PIN },
): DecisionContext['credential'] {
  const ageMs = Math.max(0, nowMs - readAtMs);
  if (badge === null) return { ...credentialFacts('badge', 'unknown'), known: false, age_ms: ageMs };
  return {
    known: true,
    kind: 'badge',
    id: badge.id,
    status: badge.status,
    valid_from_ms: badge.validFromMs ?? 0,
    valid_until_ms: toPolicyEndMs(badge.validUntilMs),
    age_ms: ageMs,
    pin: { ...pin },
  };
}

/** A credential that the enforcement point verified itself (a passkey ceremony, a session cookie, the control socket). */
export function credentialFacts(
  kind: DecisionContext['credential']['kind'],
  status: CredentialStatus | 'unknown',
): DecisionContext['credential'] {
  return { known: true, kind, id: '', status, valid_from_ms: 0, valid_until_ms: 0, age_ms: 0, pin: { ...NO_PIN } };
}

export function authenticationFacts(authentication: Authentication | null, nowMs: number): DecisionContext['authentication'] {
  if (authentication === null) return { known: false, amr: [], acr: '', user_verified: false, auth_age_s: 0 };
  return {
    known: true,
    amr: [...authentication.amr],
    acr: authentication.acr,
    user_verified: authentication.userVerified,
    auth_age_s: ageS(authentication.authenticatedAtMs, nowMs),
  };
}

/** Clocks of threads and machines differ by this at most; a fact from further in the future was made before a clock was set back. */
const CLOCK_SKEW_MS_MAX = 5_000;
/** Older than any limit. */
const AGE_UNKNOWN_S = 1_000_000_000;

function ageS(observedAtMs: number, nowMs: number): number {
  const ageMs = nowMs - observedAtMs;
  if (ageMs < -CLOCK_SKEW_MS_MAX) return AGE_UNKNOWN_S;
  return Math.max(0, Math.floor(ageMs / 1_000));
}

export function networkFacts(posture: NetworkPosture, evidence: NetworkEvidence, nowMs: number): DecisionContext['network'] {
  const network = posture(evidence.source === 'none' ? null : evidence.ip);
  return {
    ...network,
    source: evidence.source,
    age_s: evidence.source === 'login' && network.known ? ageS(evidence.observedAtMs, nowMs) : 0,
  };
}

export function presenceFacts(presence: Presence | null, sites: SiteMap, nowMs: number): DecisionContext['presence'] {
  if (presence === null) return { known: false, state: 'unknown', site: '', area: '', areas: [], confidence: 'none', age_s: 0 };
  const aged = agedPresence(presence, nowMs);
  return {
    known: aged.state !== 'unknown',
    state: aged.state,
    site: aged.siteId ?? '',
    area: aged.areaId ?? '',
    areas: aged.areaId === null ? [] : [...sites.areaChain(aged.areaId)],
    confidence: aged.confidence,
    age_s: ageS(aged.observedAtMs, nowMs),
  };
}
