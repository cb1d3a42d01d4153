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

export interface DirectoryTables {
  readonly directory_accounts: DirectoryAccountsTable;
  readonly directory_groups: DirectoryGroupsTable;
  readonly directory_members: DirectoryMembersTable;
}
