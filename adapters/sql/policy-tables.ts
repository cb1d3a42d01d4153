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

export interface PolicyTables {
  readonly profiles: ProfilesTable;
  readonly grants: GrantsTable;
  readonly policy_revisions: PolicyRevisionsTable;
  readonly policy_bundles: PolicyBundlesTable;
  readonly policy_reports: PolicyReportsTable;
  readonly policy_activations: PolicyActivationsTable;
  readonly policy_data: PolicyDataTable;
  readonly policy_data_refs: PolicyDataRefsTable;
  readonly policy_data_parts: PolicyDataPartsTable;
  readonly data_versions: DataVersionsTable;
  readonly data_version_refs: DataVersionRefsTable;
  readonly data_version_parts: DataVersionPartsTable;
}
