import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { decisionRecordSchema, type DecisionRecord } from '#gateway/domain/audit/record.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DecisionHistory } from '#gateway/ports/decision-history.ts';
import { openSqliteReadOnly, type SqliteDatabase } from '../node-sqlite.ts';

const PAGE_ENTRIES = 1_000;
/** Shapes of records that are remembered: one a release and kind of action. */
const SHAPES_MAX = 1_000;

/** Reads a log through a read-only connection, while any thread or process writes it. @throws store.unavailable */
export function openDecisionHistory(file: string): DecisionHistory {
  const database = openSqliteReadOnly(file);
  const select = database.prepare(
    "SELECT seq, record_json FROM audit_entries WHERE type = 'decision' AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
  );
  const parse = createRecordParser();
  return {
    read: async function* ({ fromMs, toMs }) {
      const first = firstAtOrAfter(database, fromMs);
      const last = firstAtOrAfter(database, toMs) - 1;
      let afterSeq = first - 1;
      while (afterSeq < last) {
        const rows = select.all(afterSeq, last, PAGE_ENTRIES);
        const decisions = rows.map((row) => parse(Number(row['seq']), String(row['record_json'])));
        afterSeq = rows.length < PAGE_ENTRIES ? last : Number(rows.at(-1)?.['seq']);
        yield { decisions, share01: (afterSeq - first + 1) / (last - first + 1) };
        await nextTurn();
      }
    },
    close: () => database.close(),
  };
}

/** Seq of the first entry that arrived then or later, one beyond the head when there is none. The log's order is the order of arrival. */
function firstAtOrAfter(database: SqliteDatabase, atMs: number): number {
  const arrival = database.prepare('SELECT arrived_at_ms AS at_ms FROM audit_entries WHERE seq >= ? ORDER BY seq LIMIT 1');
  let low = 1;
  let high = Number(database.prepare('SELECT max(seq) AS seq FROM audit_entries').get()?.['seq'] ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (Number(arrival.get(middle)?.['at_ms']) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Checking a record against its schema costs twice as much as deciding it again. The writer checked it before it wrote it; what may be
 * missing is what a later release added. So a record is checked, and given its defaults, unless one of the same fields was whole before.
 */
function createRecordParser(): (seq: number, json: string) => DecisionRecord {
  const whole = new Set<number>();
  return (seq, json) => {
    try {
      const raw: unknown = JSON.parse(json);
      const shape = shapeOf(raw);
      // Seen whole: it has the fields of the type, and the writer's schema made their values.
      if (whole.has(shape)) return raw as DecisionRecord;
      const record = decisionRecordSchema.parse(raw);
      if (whole.size < SHAPES_MAX && canonicalJson(record) === canonicalJson(raw)) whole.add(shape);
      return record;
    } catch (cause) {
      throw new GatewayError('store.corrupt', `Log entry ${seq} cannot be read.`, { cause });
    }
  };
}

/** Of the numbers of fields in all objects, in order: fields are only ever added, so that two shapes of one number are one shape. */
function shapeOf(value: unknown, seed = 7): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value === null ? seed + 1 : seed;
  const members: readonly unknown[] = Object.values(value);
  let shape = (Math.imul(seed, 31) + members.length) | 0;
  for (const member of members) if (typeof member === 'object') shape = shapeOf(member, shape);
  return shape;
}
