import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionContext, DecisionInput } from '../../domain/access/decision-input.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { toDeviceFacts } from '../../domain/desk/device-facts.ts';
import type { DeskDeviceId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import { resourceFacts } from '../authzen/names.ts';
import type { AuthorizeAppDeps } from './authorize-app.ts';
import { decideGathered } from './decide-gathered.ts';
import { authenticationFacts, credentialFacts, networkFacts, personFacts, presenceFacts } from './facts.ts';
import type { Authentication, NetworkEvidence } from './types.ts';

export interface AuthorizeVpnRequest {
  readonly realmId: VpnRealmId;
  /** Null = whose it is is not known, which the policy denies. */
  readonly personId: PersonId | null;
  /** `passkey` where the person gave it for this connection; `certificate` where a computer did; `session` for a tunnel that is up. */
  readonly credential: 'passkey' | 'certificate' | 'session';
  /** The computer that takes part, by its certificate; null = none does. */
  readonly deviceId: DeskDeviceId | null;
  /** Null = it is not known how the person authenticated, which the policy denies. */
  readonly authentication: Authentication | null;
  readonly network: NetworkEvidence;
  /** Joins the decisions of one connection. */
  readonly correlation: string;
}

/** Whether a person may use a VPN realm now: asked before a code is given out, when it is used, and at each sign of life of a tunnel. */
export type AuthorizeVpn = (request: AuthorizeVpnRequest) => Promise<Decision>;

export interface AuthorizeVpnDeps extends AuthorizeAppDeps {
  readonly deskDevices: Pick<DeskDeviceStore, 'find'>;
  readonly people: PeopleStore;
}

/** Never throws: facts that cannot be read are a recorded deny. */
export function createAuthorizeVpn(deps: AuthorizeVpnDeps): AuthorizeVpn {
  return (request) => {
    const resource = { type: 'vpn_realm', id: request.realmId } as const;
    const about = { action: 'vpn.connect', channel: 'vpn', personId: request.personId, resource } as const;
    return decideGathered(deps, { gather: () => gather(deps, request), about, understands: [], mode: 'online' });
  };
}

async function gather(deps: AuthorizeVpnDeps, request: AuthorizeVpnRequest): Promise<DecisionInput> {
  const nowMs = deps.clock.nowMs();
  const { deviceId, personId } = request;
  const { epoch, person, presence } =
    personId === null ? { epoch: await deps.people.epoch(), person: null, presence: null } : await deps.holdings.findPerson(personId);
  const device = deviceId === null ? null : await deps.deskDevices.find(deviceId);
  return deps.assemble({
    action: 'vpn.connect',
    subject: personFacts(person),
    resource: resourceFacts(deps.sites, 'vpn_realm', request.realmId),
    channel: 'vpn',
    pep: { id: `vpn:${request.realmId}`, secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: request.correlation,
    credential: request.credential === 'certificate' ? certificateFacts(device) : credentialFacts(request.credential, 'active'),
    device: toDeviceFacts(device, nowMs),
    authentication: authenticationFacts(request.authentication, nowMs),
    network: networkFacts(deps.network, request.network, nowMs),
    presence: presenceFacts(presence, deps.sites, nowMs),
  });
}

/** The certificate is as good as the computer that it names: whoever takes the computer out of use need not reach the issuer. */
function certificateFacts(device: DeskDevice | null): DecisionContext['credential'] {
  if (device === null) return { ...credentialFacts('certificate', 'unknown'), known: false };
  return { ...credentialFacts('certificate', device.status), id: device.id };
}
