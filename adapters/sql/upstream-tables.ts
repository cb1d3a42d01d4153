export interface UpstreamLinksTable {
  readonly upstream_id: string;
  readonly subject: string;
  readonly person_id: string;
  readonly linked_at_ms: number;
}

export interface UpstreamSessionsTable {
  readonly session_uid: string;
  readonly upstream_id: string;
  readonly subject: string;
  readonly sid: string | null;
  readonly person_id: string;
  readonly expires_at_ms: number;
}

export interface UpstreamTables {
  readonly upstream_links: UpstreamLinksTable;
  readonly upstream_sessions: UpstreamSessionsTable;
}
