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

export interface FaceTables {
  readonly face_devices: FaceDevicesTable;
  readonly face_templates: FaceTemplatesTable;
  readonly reader_templates: ReaderTemplatesTable;
}
