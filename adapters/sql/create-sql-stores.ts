import type { Kysely } from 'kysely';
import type { AppStore } from '#gateway/ports/app-store.ts';
import type { CredentialStore } from '#gateway/ports/credential-store.ts';
import type { DeskDeviceStore } from '#gateway/ports/desk-device-store.ts';
import type { DeskSessionStore } from '#gateway/ports/desk-session-store.ts';
import type { DirectoryStore } from '#gateway/ports/directory-store.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';
import type { FaceTemplateStore } from '#gateway/ports/face-template-store.ts';
import type { GrantStore } from '#gateway/ports/grant-store.ts';
import type { HoldingsStore } from '#gateway/ports/holdings-store.ts';
import type { OidcStore } from '#gateway/ports/oidc-store.ts';
import type { OneTimeStore } from '#gateway/ports/one-time-store.ts';
import type { PendingRecordStore } from '#gateway/ports/pending-record-store.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { PolicyDataStore } from '#gateway/ports/policy-data-store.ts';
import type { PolicyStore } from '#gateway/ports/policy-store.ts';
import type { PreferenceStore } from '#gateway/ports/preference-store.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import type { ReaderTemplateStore } from '#gateway/ports/reader-template-store.ts';
import type { RestrictionStore } from '#gateway/ports/restriction-store.ts';
import type { SecretStore } from '#gateway/ports/secret-store.ts';
import type { SessionStore } from '#gateway/ports/session-store.ts';
import type { UpstreamStore } from '#gateway/ports/upstream-store.ts';
import type { VpnSessionStore } from '#gateway/ports/vpn-session-store.ts';
import { createSqlAppStore } from './app-store.ts';
import { createSqlCredentialStore } from './credential-store.ts';
import { createSqlDeskDeviceStore } from './desk-device-store.ts';
import { createSqlDeskSessionStore } from './desk-session-store.ts';
import { createSqlDirectoryStore } from './directory-store.ts';
import { createSqlFaceDeviceStore } from './face-device-store.ts';
import { createSqlFaceTemplateStore } from './face-template-store.ts';
import { createSqlGrantStore } from './grant-store.ts';
import { createSqlHoldingsStore } from './holdings-store.ts';
import { createSqlOidcStore } from './oidc-store.ts';
import { createSqlOneTimeStore } from './one-time-store.ts';
import { createSqlPendingRecordStore } from './pending-record-store.ts';
import { createSqlPeopleStore } from './people-store.ts';
import { createSqlPolicyDataStore } from './policy-data-store.ts';
import { createSqlPolicyStore } from './policy-store.ts';
import { createSqlPreferenceStore } from './preference-store.ts';
import { createSqlPresenceStore } from './presence-store.ts';
import { createSqlReaderTemplateStore } from './reader-template-store.ts';
import { createSqlRestrictionStore } from './restriction-store.ts';
import { createSqlSecretStore } from './secret-store.ts';
import { createSqlSessionStore } from './session-store.ts';
import type { RecordsTables } from './tables.ts';
import { createSqlUpstreamStore } from './upstream-store.ts';
import { createSqlVpnSessionStore } from './vpn-session-store.ts';

export interface SqlStores {
  readonly apps: AppStore;
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly deskDevices: DeskDeviceStore;
  readonly deskSessions: DeskSessionStore;
  readonly directory: DirectoryStore;
  readonly faceDevices: FaceDeviceStore;
  readonly faceTemplates: FaceTemplateStore;
  readonly grants: GrantStore;
  readonly holdings: HoldingsStore;
  readonly pendingRecords: PendingRecordStore;
  readonly policies: PolicyStore;
  readonly policyData: PolicyDataStore;
  readonly preferences: PreferenceStore;
  readonly presences: PresenceStore;
  readonly readerTemplates: ReaderTemplateStore;
  readonly restrictions: RestrictionStore;
  readonly sessions: SessionStore;
  readonly upstream: UpstreamStore;
  readonly vpnSessions: VpnSessionStore;
  readonly oneTime: OneTimeStore;
  readonly oidc: OidcStore;
  readonly secrets: SecretStore;
}

/** All stores of the records over one connection of a migrated database. The master key (32 bytes) must outlive them. */
export function createSqlStores(db: Kysely<RecordsTables>, masterKey: Uint8Array): SqlStores {
  return {
    apps: createSqlAppStore(db),
    people: createSqlPeopleStore(db),
    credentials: createSqlCredentialStore(db),
    deskDevices: createSqlDeskDeviceStore(db),
    deskSessions: createSqlDeskSessionStore(db),
    directory: createSqlDirectoryStore(db),
    faceDevices: createSqlFaceDeviceStore(db),
    faceTemplates: createSqlFaceTemplateStore(db),
    grants: createSqlGrantStore(db),
    holdings: createSqlHoldingsStore(db),
    pendingRecords: createSqlPendingRecordStore(db),
    policies: createSqlPolicyStore(db),
    policyData: createSqlPolicyDataStore(db),
    preferences: createSqlPreferenceStore(db),
    presences: createSqlPresenceStore(db),
    readerTemplates: createSqlReaderTemplateStore(db, masterKey),
    restrictions: createSqlRestrictionStore(db),
    sessions: createSqlSessionStore(db),
    upstream: createSqlUpstreamStore(db),
    vpnSessions: createSqlVpnSessionStore(db),
    oneTime: createSqlOneTimeStore(db),
    oidc: createSqlOidcStore(db),
    secrets: createSqlSecretStore(db, masterKey),
  };
}
