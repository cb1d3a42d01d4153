import type { AuditRecord } from './record.ts';

/** What a record can be looked up by. */
export interface RelatedIds {
  readonly decisionId: string | null;
  readonly personId: string | null;
  /** The door, reader, app or other thing that the record is about. */
  readonly resourceId: string | null;
}

/** The ids under which the log finds a record again; every log indexes exactly these. */
export function relatedIds(record: AuditRecord): RelatedIds {
  switch (record.type) {
    case 'decision':
    case 'outcome':
      return { decisionId: record.decisionId, personId: record.personId, resourceId: record.resourceId };
    case 'door_state':
      return { decisionId: record.decisionId, personId: null, resourceId: record.state.doorId };
    case 'egress':
      return { decisionId: null, personId: record.personId, resourceId: record.doorId };
    case 'reader_state':
      return { decisionId: null, personId: null, resourceId: record.readerId };
    case 'alarm':
      return { decisionId: record.decisionId ?? null, personId: record.personId ?? null, resourceId: record.sourceId };
    case 'presence':
      return { decisionId: record.decisionId, personId: record.personId, resourceId: record.areaId };
    case 'session':
      return { decisionId: record.decisionId, personId: record.personId, resourceId: record.appId };
    case 'standing':
    case 'reinstatement_requested':
      return { decisionId: record.decisionId, personId: record.personId, resourceId: null };
    case 'revocation_receipt':
    case 'credential':
      return { decisionId: null, personId: record.personId, resourceId: null };
    case 'directory_change':
      return { decisionId: null, personId: record.personId, resourceId: record.subjectId };
    case 'access_search':
      return { decisionId: null, personId: record.personId, resourceId: record.resourceId };
    case 'policy_revision':
      return { decisionId: record.decisionId, personId: null, resourceId: record.revisionId };
    case 'system':
      return { decisionId: null, personId: null, resourceId: null };
  }
}
