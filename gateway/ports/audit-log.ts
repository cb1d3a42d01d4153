import type { AuditRecord, AuditRecordType } from '../domain/audit/record.ts';

/** A record in its place in the chain. `seq` starts at 1 and has no gaps. */
export interface AuditEntry {
  readonly seq: number;
  /** Epoch ms when the writer took it; occurrence time is inside the record. Page by arrival, correlate by occurrence. */
  readonly arrivedAtMs: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly record: AuditRecord;
}

/** Longest stored record, UTF-8 bytes. */
export const AUDIT_RECORD_BYTES_MAX = 32_768;
/** Appends that may wait for their durable acknowledgement at once. */
export const AUDIT_IN_FLIGHT_MAX = 10_000;
/** Most entries one read returns. */
export const AUDIT_READ_MAX = 1_000;

export interface AuditReceipt {
  readonly seq: number;
  readonly hash: string;
}

export interface AuditLog {
  /**
   * Resolves when the entry is durable (synced), not before. Entries of one caller keep their order. `recordJson` is for who has that text
   * already: exactly `JSON.stringify(record)`.
   * @throws audit.unavailable the entry is not known to be stored; audit.queue_full, audit.entry_too_large it was not taken.
   */
  append(record: AuditRecord, recordJson?: string): Promise<AuditReceipt>;
  /** Called with every durable entry of all writers, in order of `seq`, after its acknowledgement. Returns the end of the subscription. */
  subscribe(listener: (entry: AuditEntry) => void): () => void;
  /** False once the writer is gone: every append fails from then on. A full disk is not that: it may have room again. */
  isWritable(): boolean;
  /** Waits for what is in flight and closes. */
  close(): Promise<void>;
}

export interface AuditQuery {
  /** Only entries after this `seq`, ascending; or before it, descending. */
  readonly from: { readonly afterSeq: number } | { readonly beforeSeq: number };
  /** 1..AUDIT_READ_MAX */
  readonly limit: number;
  readonly types?: readonly AuditRecordType[];
  readonly personId?: string;
  readonly resourceId?: string;
}

export type ChainVerdict =
  | { readonly ok: true; readonly entries: number; readonly headSeq: number; readonly headHash: string }
  | {
      readonly ok: false;
      readonly brokenSeq: number;
      /** `not_indexed`: the entry is whole and in its place, but look-ups do not find it. */
      readonly cause: 'hash_mismatch' | 'previous_hash_mismatch' | 'sequence_gap' | 'record_unreadable' | 'not_indexed';
      readonly entriesBefore: number;
    };

export interface AuditReader {
  read(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** All entries of one decision: the decision itself first, then its outcomes and effects. Empty when unknown. */
  ofDecision(decisionId: string): Promise<readonly AuditEntry[]>;
  headSeq(): Promise<number>;
  /** Walks the whole chain; memory stays bounded. */
  verify(): Promise<ChainVerdict>;
}
