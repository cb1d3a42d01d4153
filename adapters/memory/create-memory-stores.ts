import { createMemoryAppStore } from './app-store.ts';
import { createMemoryCredentialStore } from './credential-store.ts';
import { createMemoryDeskDeviceStore } from './desk-device-store.ts';
import { createMemoryDeskSessionStore } from './desk-session-store.ts';
import { createMemoryDirectoryStore } from './directory-store.ts';
import { createMemoryFaceDeviceStore } from './face-device-store.ts';
import { createMemoryFaceTemplateStore } from './face-template-store.ts';
import { createMemoryReaderTemplateStore } from './reader-template-store.ts';
import { createGrantRows, createMemoryGrantStore } from './grant-store.ts';
import { createMemoryOidcStore } from './oidc-store.ts';
import { createMemoryOneTimeStore } from './one-time-store.ts';
import { createMemoryPendingRecordStore } from './pending-record-store.ts';
import { createMemoryPeopleStore } from './people-store.ts';
import { createMemoryPolicyDataStore } from './policy-data-store.ts';
import { createMemoryPolicyStore } from './policy-store.ts';
import { createMemoryPreferenceStore } from './preference-store.ts';
import { createMemoryPresenceStore } from './presence-store.ts';
import { createMemoryRestrictionStore } from './restriction-store.ts';
import { createMemorySecretStore } from './secret-store.ts';
import { createMemorySessionStore } from './session-store.ts';
import { createMemoryUpstreamStore } from './upstream-store.ts';
import { createMemoryVpnSessionStore } from './vpn-session-store.ts';

/** All stores of the records, under the same names as the SQL ones. */
export function createMemoryStores() {
  const rows = createGrantRows();
  const people = createMemoryPeopleStore();
  return {
    apps: createMemoryAppStore(),
    people,
    deskDevices: createMemoryDeskDeviceStore(),
    deskSessions: createMemoryDeskSessionStore(),
    directory: createMemoryDirectoryStore(people),
    credentials: createMemoryCredentialStore(),
    faceDevices: createMemoryFaceDeviceStore(),
    faceTemplates: createMemoryFaceTemplateStore(),
    readerTemplates: createMemoryReaderTemplateStore(),
    grants: createMemoryGrantStore(undefined, rows),
    policyData: createMemoryPolicyDataStore(rows),
    pendingRecords: createMemoryPendingRecordStore(),
    policies: createMemoryPolicyStore(),
    preferences: createMemoryPreferenceStore(),
    presences: createMemoryPresenceStore(),
    restrictions: createMemoryRestrictionStore(people),
    sessions: createMemorySessionStore(),
    upstream: createMemoryUpstreamStore(),
    vpnSessions: createMemoryVpnSessionStore(),
    oneTime: createMemoryOneTimeStore(),
    oidc: createMemoryOidcStore(),
    secrets: createMemorySecretStore(),
  };
}
