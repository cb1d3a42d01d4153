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

export interface AddedAppsTable {
  readonly id: string;
  readonly client_id: string;
  readonly version: number;
  readonly created_at_ms: number;
  /** Hashes of its secrets, never one of them. */
  readonly app_json: string;
}

export interface SessionTables {
  readonly console_sessions: ConsoleSessionsTable;
  readonly vpn_sessions: VpnSessionsTable;
  readonly one_time_items: OneTimeItemsTable;
  readonly oidc_artifacts: OidcArtifactsTable;
  readonly added_apps: AddedAppsTable;
}
