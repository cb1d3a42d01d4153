import type { UpstreamLinksTable, UpstreamSessionsTable } from './upstream-tables.ts';

/**
 * The tables of the records, in types that SQLite and PostgreSQL share: text ids, bigint epoch milliseconds, integer booleans, JSON as
 * text, bytes. A driver must return bigint columns as numbers.
 */
export interface PeopleTable {
  readonly id: string;
  readonly display_name: string;
  readonly email: string | null;
  /** The address in lower case: what is unique and searched. */
  readonly email_key: string | null;
  readonly standing: string;
  readonly standing_changed_at_ms: number | null;
  readonly roles_json: string;
  readonly groups_json: string;
  readonly clearance: number;
  readonly employment_end_ms: number | null;
  readonly accessibility: number;
  readonly version: number;
}

export interface BadgesTable {
  readonly id: string;
  readonly person_id: string;
  readonly badge_key: string;
  readonly status: string;
  readonly valid_from_ms: number | null;
  readonly valid_until_ms: number | null;
}

export interface PasskeysTable {
  readonly id: string;
  readonly person_id: string;
  readonly webauthn_id: string;
  readonly public_key: Uint8Array;
  readonly counter: number;
  readonly transports_json: string;
  readonly backed_up: number;
  readonly label: string;
  readonly status: string;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number | null;
}

/** One row a person; sizes of the hashes are the domain's. */
export interface PinsTable {
  readonly person_id: string;
  readonly id: string;
  readonly salt: Uint8Array;
  readonly cost_n: number;
  readonly cost_r: number;
  readonly cost_p: number;
  readonly hash: Uint8Array;
  readonly duress_hash: Uint8Array | null;
  readonly status: string;
  readonly changed_at_ms: number;
}

export interface PinAttemptsTable {
  readonly person_id: string;
  readonly reader_id: string;
  readonly wrong_at_ms_json: string;
  readonly locks: number;
  readonly locked_until_ms: number;
}

export interface ProfilesTable {
  readonly id: string;
  readonly name: string;
  readonly resources_json: string;
}

export interface GrantsTable {
  readonly id: string;
  readonly profile_id: string;
  readonly holder_kind: string;
  readonly holder_id: string;
  readonly schedule: string;
  readonly valid_from_ms: number | null;
  readonly valid_until_ms: number | null;
  readonly reason: string;
}

export interface PresencesTable {
  readonly person_id: string;
  readonly state: string;
  readonly site_id: string | null;
  readonly area_id: string | null;
  readonly confidence: string;
  readonly observed_at_ms: number;
  readonly source_seq: number;
}

export interface ConsoleSessionsTable {
  readonly id: string;
  readonly person_id: string;
  readonly kind: string;
  readonly secret_sha256: string;
  readonly created_at_ms: number;
  readonly authenticated_at_ms: number;
  readonly amr_json: string;
  readonly acr: string;
  readonly user_verified: number;
  readonly credential_id: string | null;
  readonly expires_at_ms: number;
}

/** One row a person who has said what they prefer. */
export interface PersonPreferencesTable {
  readonly person_id: string;
  readonly language: string;
}

export interface VpnSessionsTable {
  readonly id: string;
  readonly realm_id: string;
  readonly person_id: string;
  readonly user_name: string;
  readonly server_session_id: string;
  readonly started_at_ms: number;
  readonly seen_at_ms: number;
  readonly ip: string | null;
  /** `null` as JSON where it is not known. */
  readonly authentication_json: string;
  readonly decision_id: string | null;
  readonly correlation: string;
  readonly device_id: string | null;
  readonly nas: string | null;
}

export interface OneTimeItemsTable {
  readonly purpose: string;
  readonly item_key: string;
  readonly payload_json: string;
  readonly expires_at_ms: number;
}

export interface OidcArtifactsTable {
  readonly model: string;
  readonly id: string;
  readonly payload_json: string;
  readonly person_id: string | null;
  readonly client_id: string | null;
  readonly grant_id: string | null;
  readonly uid: string | null;
  readonly user_code: string | null;
  readonly expires_at_ms: number | null;
  readonly consumed_at_ms: number | null;
}

export interface SecretsTable {
  readonly name: string;
  readonly sealed: Uint8Array;
}

/** `epoch` = revocation epoch, `grants_version` = raised by every change of a profile or grant. */
export interface CountersTable {
  readonly name: 'epoch' | 'grants_version';
  readonly value: number;
}

/** Records that wait for the log; `position` is their order. */
export interface PendingRecordsTable {
  readonly id: string;
  readonly position: number;
  readonly record_json: string;
}

/** `detail_json` is the whole revision; what stands beside it is for look-ups. `content` is packed. */
export interface PolicyRevisionsTable {
  readonly id: string;
  readonly position: number;
  readonly state: string;
  readonly revision: string | null;
  readonly detail_json: string;
  readonly content: Uint8Array;
}

export interface PolicyBundlesTable {
  readonly revision: string;
  readonly manifest_json: string;
  readonly wasm: Uint8Array;
  readonly data_json: string;
  readonly plan: Uint8Array | null;
}

export interface PolicyReportsTable {
  readonly revision_id: string;
  readonly kind: string;
  readonly body: Uint8Array;
}

/** The one of the highest number is in force. */
export interface PolicyActivationsTable {
  readonly number: number;
  readonly revision_id: string;
  readonly revision: string;
  readonly previous_id: string | null;
  readonly activated_at_ms: number;
}

export interface PolicyDataTable {
  readonly data_revision: string;
  readonly kept_at_ms: number;
}

export interface PolicyDataRefsTable {
  readonly data_revision: string;
  readonly section: string;
  readonly hash: string;
}

export interface PolicyDataPartsTable {
  readonly hash: string;
  readonly body: Uint8Array;
}

/** `detail_json` is the whole entry; the document is cut into parts of which versions share what is the same. */
export interface DataVersionsTable {
  readonly version: number;
  /** Of profiles and grants when it was made. */
  readonly grants_version: number;
  readonly detail_json: string;
}

export interface DataVersionRefsTable {
  readonly version: number;
  readonly section: string;
  readonly hash: string;
}

export interface DataVersionPartsTable {
  readonly hash: string;
  readonly body: Uint8Array;
}

export interface FaceDevicesTable {
  readonly id: string;
  readonly reader_id: string;
  readonly label: string;
  readonly public_key_json: string;
  readonly pack_hash: string;
  readonly status: string;
  readonly enrolled_at_ms: number;
  readonly journal_seq: number;
  /** Null: from before it was kept. */
  readonly lease_until_ms: number | null;
}

export interface DeskDevicesTable {
  readonly id: string;
  readonly person_id: string;
  readonly label: string;
  readonly public_key_json: string;
  readonly key_kind: string;
  readonly pack_hash: string | null;
  readonly template_id: string | null;
  readonly status: string;
  readonly enrolled_at_ms: number;
  readonly posture_json: string | null;
  readonly posture_at_ms: number | null;
  /** Null while it is active, and of those revoked before they were kept. */
  readonly revoked_at_ms: number | null;
  readonly revoked_because: string | null;
}

export interface DeskSessionsTable {
  readonly session_uid: string;
  readonly person_id: string;
  readonly device_id: string | null;
  readonly look_json: string | null;
  readonly alternative_json: string | null;
  readonly expires_at_ms: number;
}

export interface DirectoryAccountsTable {
  readonly person_id: string;
  readonly user_name: string;
  /** In lower case: what is unique and searched. */
  readonly user_name_key: string;
  readonly external_id: string | null;
  readonly created_at_ms: number;
  readonly modified_at_ms: number;
}

export interface DirectoryGroupsTable {
  readonly id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  readonly created_at_ms: number;
  readonly modified_at_ms: number;
  readonly version: number;
}

/** `kind`: person or group. */
export interface DirectoryMembersTable {
  readonly group_id: string;
  readonly kind: string;
  readonly member_id: string;
}

export interface AddedAppsTable {
  readonly id: string;
  readonly client_id: string;
  readonly version: number;
  readonly created_at_ms: number;
  /** Hashes of its secrets, never one of them. */
  readonly app_json: string;
}

export interface FaceTemplatesTable {
  readonly id: string;
  readonly person_id: string;
  readonly device_id: string;
  readonly storage: string;
  readonly pack_hash: string;
  readonly enrolled_at_ms: number;
  readonly expires_at_ms: number;
  readonly status: string;
  readonly ended_at_ms: number | null;
  readonly receipt: string | null;
  readonly deletion_ordered_at_ms: number | null;
}

export interface ReaderTemplatesTable {
  readonly person_id: string;
  /** As osdp_BIOREAD numbers it. */
  readonly trait_type: number;
  readonly format: number;
  /** The template's own key, under the master key. */
  readonly sealed_key: Uint8Array;
  readonly sealed: Uint8Array;
  readonly enrolled_at_ms: number;
  readonly expires_at_ms: number;
}

export interface RestrictionsTable {
  readonly person_id: string;
  readonly cause: string;
  readonly since_ms: number;
  readonly until_ms: number;
}

export interface RecordsTables {
  readonly added_apps: AddedAppsTable;
  readonly directory_accounts: DirectoryAccountsTable;
  readonly directory_groups: DirectoryGroupsTable;
  readonly directory_members: DirectoryMembersTable;
  readonly desk_devices: DeskDevicesTable;
  readonly desk_sessions: DeskSessionsTable;
  readonly face_devices: FaceDevicesTable;
  readonly face_templates: FaceTemplatesTable;
  readonly reader_templates: ReaderTemplatesTable;
  readonly restrictions: RestrictionsTable;
  readonly data_versions: DataVersionsTable;
  readonly data_version_refs: DataVersionRefsTable;
  readonly data_version_parts: DataVersionPartsTable;
  readonly policy_revisions: PolicyRevisionsTable;
  readonly policy_bundles: PolicyBundlesTable;
  readonly policy_reports: PolicyReportsTable;
  readonly policy_activations: PolicyActivationsTable;
  readonly policy_data: PolicyDataTable;
  readonly policy_data_refs: PolicyDataRefsTable;
  readonly policy_data_parts: PolicyDataPartsTable;
  readonly people: PeopleTable;
  readonly badges: BadgesTable;
  readonly passkeys: PasskeysTable;
  readonly pins: PinsTable;
  readonly pin_attempts: PinAttemptsTable;
  readonly profiles: ProfilesTable;
  readonly grants: GrantsTable;
  readonly presences: PresencesTable;
  readonly console_sessions: ConsoleSessionsTable;
  readonly person_preferences: PersonPreferencesTable;
  readonly vpn_sessions: VpnSessionsTable;
  readonly upstream_links: UpstreamLinksTable;
  readonly upstream_sessions: UpstreamSessionsTable;
  readonly one_time_items: OneTimeItemsTable;
  readonly oidc_artifacts: OidcArtifactsTable;
  readonly secrets: SecretsTable;
  readonly counters: CountersTable;
  readonly pending_records: PendingRecordsTable;
  readonly schema_migrations: { readonly number: number; readonly name: string };
}
