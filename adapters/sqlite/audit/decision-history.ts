import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { decisionRecordSchema, type DecisionRecord } from '#gateway/domain/audit/record.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { ReplayWindow } from '#gateway/domain/policy/impact-report.ts';
import type { DecisionHistory } from '#gateway/ports/decision-history.ts';
import { openSqliteReadOnly, type SqliteDatabase } from '../node-sqlite.ts';

const PAGE_ENTRIES = 1_000;
/** Entries from one whose time is looked at to the next: ten million are looked through in a tenth of a second. */
const LOOKED_AT_EVERY = 1_024;
/** Shapes of records that are remembered: one a release and kind of action. */
const SHAPES_MAX = 1_000;

/** Reads a log through a read-only connection, while any thread or process writes it. @throws store.unavailable */
export function openDecisionHistory(file: string): DecisionHistory {
  const database = openSqliteReadOnly(file);
  const select = database.prepare(
    "SELECT seq, record_json FROM audit_entries WHERE type = 'decision' AND seq > ? AND seq <= ?" +
      ' AND arrived_at_ms >= ? AND arrived_at_ms < ? ORDER BY seq LIMIT ?',
  );
  const parse = createRecordParser();
  return {
    read: async function* ({ fromMs, toMs }) {
      const { first, last } = stretchOf(database, { fromMs, toMs });
      let afterSeq = first - 1;
      while (afterSeq < last) {
        const rows = select.all(afterSeq, last, fromMs, toMs, PAGE_ENTRIES);
        const decisions = rows.map((row) => parse(Number(row['seq']), String(row['record_json'])));
        afterSeq = rows.length < PAGE_ENTRIES ? last : Number(rows.at(-1)?.['seq']);
        yield { decisions, share01: (afterSeq - first + 1) / (last - first + 1) };
        await nextTurn();
      }
    },
    close: () => database.close(),
  };
}

/**
 * From the first to the last entry that may have arrived in the window; `last` is before `first` when none did. The log's order is the order
 * of arrival and yet not of its times: a clock that was set back is behind for a while. So one entry in so many is looked at all along,
 * where halving would leave out whole days in silence; times that turn within that distance of each other may be missed.
 */
function stretchOf(database: SqliteDatabase, { fromMs, toMs }: ReplayWindow): { readonly first: number; readonly last: number } {
  const arrival = database.prepare('SELECT arrived_at_ms AS at_ms FROM audit_entries WHERE seq >= ? ORDER BY seq LIMIT 1');
  const { low, high } = database.prepare('SELECT min(seq) AS low, max(seq) AS high FROM audit_entries').get() ?? {};
  const head = Number(high ?? 0);
  let [first, last] = [head + 1, head];
  let seq = Number(low ?? 1);
  let beforeMs = Number(arrival.get(seq)?.['at_ms']);
  while (seq <= head) {
    const next = Math.min(seq + LOOKED_AT_EVERY, head + 1);
    const afterMs = next > head ? Number(arrival.get(head)?.['at_ms']) : Number(arrival.get(next)?.['at_ms']);
    if (Math.max(beforeMs, afterMs) >= fromMs && Math.min(beforeMs, afterMs) < toMs) {
      first = Math.min(first, seq);
      last = next - 1;
    }
    [seq, beforeMs] = [next, afterMs];
  }
  return first > head ? { first, last: head } : { first, last };
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
