import type { Transaction } from 'kysely';
import type { SqlDialect } from './dialect.ts';
import { createRecords } from './migrations/01-records.ts';
import { createPendingRecords } from './migrations/02-pending-records.ts';
import { addSessionAuthentication } from './migrations/03-session-authentication.ts';
import { createPins } from './migrations/04-pins.ts';
import { createPoliciesAndData } from './migrations/05-policies.ts';
import { createVpnSessions } from './migrations/06-vpn-sessions.ts';
import { createDataVersions } from './migrations/07-data-versions.ts';
import { createFaceDevices } from './migrations/08-face-devices.ts';
import { createDirectory } from './migrations/09-directory.ts';
import { addPeopleSide } from './migrations/10-people-side.ts';
import { createAddedApps } from './migrations/11-added-apps.ts';
import { createUpstream } from './migrations/12-upstream.ts';
import { createDesks } from './migrations/13-desks.ts';
import { createFaces } from './migrations/14-faces.ts';
import { addVpnDevices } from './migrations/15-vpn-devices.ts';
import { addFaceLeases } from './migrations/16-face-leases.ts';
import { createReaderTemplates } from './migrations/17-reader-templates.ts';
import { addDeparted } from './migrations/18-departed.ts';
import { indexDeskSessions } from './migrations/19-desk-sessions.ts';
import { addAddedPasskeys } from './migrations/20-added-passkeys.ts';
import type { RecordsTables } from './tables.ts';

interface Migration {
  /** Rising, and never changed, reordered or given twice; a database takes those that it has not had, in this order. */
  readonly number: number;
  readonly name: string;
  readonly up: (db: Transaction<RecordsTables>, dialect: SqlDialect) => Promise<void>;
}

/** A step added takes a number of its own and a file in migrations/. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'records', up: createRecords },
  { number: 2, name: 'pending records', up: createPendingRecords },
  { number: 3, name: 'authentication of sessions', up: addSessionAuthentication },
  { number: 4, name: 'pins', up: createPins },
  { number: 5, name: 'policies', up: createPoliciesAndData },
  { number: 6, name: 'vpn sessions', up: createVpnSessions },
  { number: 7, name: 'versions of the policy data', up: createDataVersions },
  { number: 8, name: 'face terminals', up: createFaceDevices },
  { number: 9, name: 'directories outside', up: createDirectory },
  { number: 10, name: "people's own side", up: addPeopleSide },
  { number: 11, name: 'apps added', up: createAddedApps },
  { number: 12, name: 'identity providers outside', up: createUpstream },
  { number: 13, name: 'desks', up: createDesks },
  { number: 14, name: 'faces', up: createFaces },
  { number: 15, name: 'computers of vpn sessions', up: addVpnDevices },
  { number: 16, name: 'face leases', up: addFaceLeases },
  { number: 17, name: 'templates for readers', up: createReaderTemplates },
  { number: 18, name: 'computers of leavers, ends of leases', up: addDeparted },
  { number: 19, name: 'sessions of desks', up: indexDeskSessions },
  { number: 20, name: 'passkeys that were added with another', up: addAddedPasskeys },
];
