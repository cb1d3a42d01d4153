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

export interface RestrictionsTable {
  readonly person_id: string;
  readonly cause: string;
  readonly since_ms: number;
  readonly until_ms: number;
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

/** One row a person who has said what they prefer. */
export interface PersonPreferencesTable {
  readonly person_id: string;
  readonly language: string;
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
  readonly added_with: string | null;
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

export interface PeopleTables {
  readonly people: PeopleTable;
  readonly restrictions: RestrictionsTable;
  readonly presences: PresencesTable;
  readonly person_preferences: PersonPreferencesTable;
  readonly badges: BadgesTable;
  readonly passkeys: PasskeysTable;
  readonly pins: PinsTable;
  readonly pin_attempts: PinAttemptsTable;
}
