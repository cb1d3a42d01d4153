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

export interface DeskTables {
  readonly desk_devices: DeskDevicesTable;
  readonly desk_sessions: DeskSessionsTable;
}
