import type { AuditRecordOf, AuditRecordType } from '../../domain/audit/record.ts';
import type { AppId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditEntry } from '../../ports/audit-log.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import { askableTypeOf } from '../authzen/names.ts';
import type { OwnCondition } from './own-access.ts';
import { nameResource, toOwnReasons, type OwnReason } from './resource-names.ts';

/** Decisions that people made happen for themselves. An operator's commands about others are the console's; polls and refreshes say nothing. */
const OWN_ACTIONS = ['door.unlock', 'app.login', 'vpn.connect', 'console.sign_in', 'self.sign_in', 'self.change'] as const;
type OwnAction = (typeof OWN_ACTIONS)[number];

export const OWN_LOG_TYPES: readonly AuditRecordType[] = ['decision', 'session', 'credential', 'standing', 'directory_change'];

interface Base {
  readonly seq: number;
  readonly atMs: number;
}

export interface OwnDecision extends Base {
  readonly kind: 'decision';
  readonly action: OwnAction;
  readonly effect: 'permit' | 'deny';
  readonly resource: { readonly kind: 'door' | 'app' | 'vpn_realm'; readonly id: string; readonly name: string | null } | null;
  readonly reasons: readonly OwnReason[];
  readonly conditions: readonly OwnCondition[];
  readonly decisionId: string;
  readonly network: 'site' | 'vpn_egress' | 'elsewhere' | 'none';
}

export interface OwnSessionEvent extends Base {
  readonly kind: 'session';
  readonly event: 'started' | 'ended';
  readonly session: 'portal' | 'console' | 'cli' | 'sign_in' | 'app' | 'vpn';
  readonly name: string | null;
  readonly cause: string;
}

export interface OwnCredentialEvent extends Base {
  readonly kind: 'credential';
  readonly event: AuditRecordOf<'credential'>['event'];
  readonly credential: AuditRecordOf<'credential'>['kind'] | 'computer';
  readonly name: string | null;
  readonly by: 'self' | 'operator' | 'gateway';
  readonly cause: string;
}

export interface OwnStanding extends Base {
  readonly kind: 'standing';
  readonly to: AuditRecordOf<'standing'>['to'];
}

export type OwnLogEntry = OwnDecision | OwnSessionEvent | OwnCredentialEvent | OwnStanding;

export interface OwnEntryDeps {
  readonly sites: SiteMap;
  readonly credentials: Pick<CredentialStore, 'passkeysOf'>;
  readonly deskDevices: Pick<DeskDeviceStore, 'ofPerson'>;
}

/** An entry as its person may read it; null for what is not theirs to read. Nothing of it names anybody else, and duress shows nowhere. */
export async function createToOwnEntry(
  { sites, credentials, deskDevices }: OwnEntryDeps,
  personId: PersonId,
): Promise<(entry: AuditEntry) => OwnLogEntry | null> {
  const [passkeys, computers] = await Promise.all([credentials.passkeysOf(personId), deskDevices.ofPerson(personId)]);
  const names = new Map<string, string>([...passkeys, ...computers].map(({ id, label }) => [id, label]));
  return ({ seq, record }) => {
    const base = { seq, atMs: record.occurredAtMs };
    // The index found it by the person; what it says is looked at all the same.
    if (!('personId' in record) || record.personId !== personId) return null;
    switch (record.type) {
      case 'decision':
        return toDecision(sites, base, record);
      case 'session':
        return toSession(sites, base, record);
      case 'credential':
        return toCredential(names, base, record);
      case 'standing':
        return { ...base, kind: 'standing', to: record.to };
      case 'directory_change':
        return toComputerChange(names, base, record);
      default:
        return null;
    }
  };
}

function toDecision(sites: SiteMap, base: Base, record: AuditRecordOf<'decision'>): OwnDecision | null {
  const action = OWN_ACTIONS.find((own) => own === record.action);
  // What a system elsewhere asked about the person is no doing of theirs.
  if (action === undefined || record.channel === 'authzen') return null;
  const kind = askableTypeOf(record.resourceType);
  const place = kind === null ? null : { kind, id: record.resourceId };
  return {
    ...base,
    kind: 'decision',
    action,
    effect: record.effect,
    resource: place === null ? null : { ...place, name: nameResource(sites, place.kind, place.id)?.name ?? null },
    reasons: toOwnReasons(sites, place, record.reasons),
    conditions: record.obligations.flatMap(({ id }): OwnCondition[] => (id === 'extended_open_time' ? [] : [id])),
    decisionId: record.decisionId,
    network: record.input?.context.network.zone ?? 'none',
  };
}

function toSession(sites: SiteMap, base: Base, { event, kind, appId, realmId, cause }: AuditRecordOf<'session'>): OwnSessionEvent {
  // Branded where they enter, and looked up at once.
  const app = appId === null ? undefined : sites.app(appId as AppId);
  const realm = realmId == null ? undefined : sites.vpnRealm(realmId as VpnRealmId);
  const session = kind === 'provider' ? 'sign_in' : kind;
  return { ...base, kind: 'session', event, session, name: app?.name ?? realm?.name ?? null, cause };
}

const byWhom = (operatorId: string | null, personId: string | null): OwnCredentialEvent['by'] =>
  operatorId === null ? 'gateway' : operatorId === personId ? 'self' : 'operator';

const COMPUTER_CHANGE = /^(\+desk|-desk|desk_offered):(.*)$/;
const COMPUTER_EVENTS = { '+desk': 'enrolled', '-desk': 'revoked', desk_offered: 'enrolment_offered' } as const;

/** What became of the person's computers; the rest of what operators change about them is the console's. */
function toComputerChange(
  names: ReadonlyMap<string, string>,
  base: Base,
  { changes, operatorId, personId }: AuditRecordOf<'directory_change'>,
): OwnCredentialEvent | null {
  const [, what = '', about = ''] = changes.map((change) => COMPUTER_CHANGE.exec(change)).find((found) => found !== null) ?? [];
  if (!Object.hasOwn(COMPUTER_EVENTS, what)) return null;
  const event = COMPUTER_EVENTS[what as keyof typeof COMPUTER_EVENTS]; // It is one of them: looked up just now.
  const name = what === 'desk_offered' ? about : (names.get(about) ?? null);
  return { ...base, kind: 'credential', event, credential: 'computer', name, by: byWhom(operatorId, personId), cause: '' };
}

function toCredential(names: ReadonlyMap<string, string>, base: Base, record: AuditRecordOf<'credential'>): OwnCredentialEvent {
  const { event, kind, credentialId, cause, operatorId, personId } = record;
  const name = names.get(credentialId ?? '') ?? null;
  return { ...base, kind: 'credential', event, credential: kind, name, by: byWhom(operatorId, personId), cause };
}
