import { createMemoryHoldingsStore } from '#adapters/memory/holdings-store.ts';
import { createMemoryPreferenceStore } from '#adapters/memory/preference-store.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createAuthorizeApp } from '#gateway/app/access/authorize-app.ts';
import { createAuthorizeOperator } from '#gateway/app/access/authorize-operator.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import { composePortal, type PortalParts } from '#gateway/compose-portal.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import type { GrantStore } from '#gateway/ports/grant-store.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import type { Portal } from '#gateway/http/portal.ts';
import { permitAnswer, stubPolicy } from '../policy/stub-policy.ts';

export const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };

type Given = Pick<
  PortalParts,
  | 'sites'
  | 'people'
  | 'presence'
  | 'credentials'
  | 'sessions'
  | 'oneTime'
  | 'liveSessions'
  | 'enrolment'
  | 'deskDevices'
  | 'revokeDesk'
  | 'authorizeOperator'
  | 'clock'
  | 'random'
> & { readonly audit: PortalParts['audit'] & PortalParts['auditReader']; readonly grants: GrantStore; readonly presence: PresenceStore };

export interface OwnSideOptions {
  readonly publicUrl: string;
  readonly clients: PortalParts['config']['clients'];
  readonly websites: PortalParts['config']['websites'];
  readonly portal?: Partial<PortalParts['config']['portal']>;
  readonly vpn?: { readonly store: PortalParts['vpnSessions']; readonly sessions: NonNullable<PortalParts['vpn']>['sessions'] };
}

const PORTAL = { sessionTtlS: 3_600, listed: [], staffedReaders: [], badgeWindowS: 300, recoveryCodeTtlS: 600 };
/** Permits people everything on their own side. */
const anyOwnSide = () => stubPolicy(() => permitAnswer('self.granted'));

/** What decides, under a policy: the parts of the gateway between a question and its recorded answer. */
export function decidingBy(policy: PolicyEngine, { audit, clock, random, sites }: Pick<Given, 'audit' | 'clock' | 'random' | 'sites'>) {
  return {
    policy,
    network: createNetworkPosture([{ name: 'Office', cidr: '192.0.2.0/24', zone: 'site', siteId: 'hq' }]),
    assemble: createAssembleInput(sites),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 5_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
  };
}

type JudgesGiven = Pick<Given, 'audit' | 'clock' | 'random' | 'sites' | 'people' | 'credentials' | 'presence'>;

/** The operators' and the apps' questions under a real policy. */
export function judgesBy(policy: PolicyEngine, given: JudgesGiven) {
  const { credentials, people, presence } = given;
  const holdings = createMemoryHoldingsStore({ people, credentials, presences: presence });
  const deps = { ...given, holdings, ...decidingBy(policy, given) };
  return { authorizeOperator: createAuthorizeOperator(deps), authorizeApp: createAuthorizeApp(deps) };
}

/** People's own side over memory adapters: under the policy that is given, or one that permits them everything. */
export function composeOwnSide(given: Given, options: OwnSideOptions, engine: PolicyEngine | null): Portal {
  const { credentials, grants, people, presence } = given;
  const { publicUrl, clients, websites, portal, vpn } = options;
  return composePortal({
    ...given,
    ...decidingBy(engine ?? anyOwnSide(), given),
    holdings: createMemoryHoldingsStore({ people, credentials, presences: presence }),
    preferences: createMemoryPreferenceStore(),
    vpnSessions: vpn?.store ?? { ofPerson: async () => [] },
    vpn: vpn === undefined ? null : { sessions: vpn.sessions },
    currentData: async () => buildPolicyData(await grants.profiles(), await grants.grants(), { always: ALWAYS }),
    auditReader: given.audit,
    addedApps: { find: () => undefined },
    config: { publicUrl, clients, websites, portal: { ...PORTAL, ...portal } },
  });
}
