import { MessageChannel } from 'node:worker_threads';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APPEND_DEADLINE_MS, AuditProducer } from '#adapters/sqlite/audit/audit-producer.ts';
import type { AppendMessage, CommittedMessage, ProducerMessage } from '#adapters/sqlite/audit/audit-messages.ts';
import { AUDIT_IN_FLIGHT_MAX, type AuditEntry } from '#gateway/ports/audit-log.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { eventually } from '#test/support/eventually.ts';

/** A producer whose writer is the test: nothing is acknowledged unless the test does. */
function silentWriter() {
  const { port1: writer, port2 } = new MessageChannel();
  const messages: AppendMessage[] = [];
  writer.on('message', (message: ProducerMessage) => (message.kind === 'append' ? messages.push(message) : undefined));
  return { writer, messages, producer: new AuditProducer(port2) };
}

const committed = (ids: readonly number[]): CommittedMessage => ({
  kind: 'committed',
  firstSeq: 1,
  arrivedAtMs: 5,
  previousHash: 'p',
  hashes: ids.map((id) => `hash ${id}`),
  ownIds: ids,
  foreignJson: [],
});

describe('AuditProducer', () => {
  let fixture = silentWriter();
  beforeEach(() => {
    fixture = silentWriter();
  });
  afterEach(() => {
    vi.useRealTimers();
    fixture.writer.close();
  });

  it('sends all appends of a turn in one message, also those of its microtasks', async () => {
    const { producer, messages } = fixture;
    void producer.append(someDecision('decision_1')).catch(() => undefined);
    await Promise.resolve();
    void producer.append(someDecision('decision_2')).catch(() => undefined);
    await eventually(() => expect(messages.map((message) => message.decisionIds)).toEqual([['decision_1', 'decision_2']]));
  });

  it('has a few appends wait for the answer that is due, and sends them together when it comes', async () => {
    const { producer, writer, messages } = fixture;
    const first = producer.append(someDecision('decision_1'));
    await eventually(() => expect(messages).toHaveLength(1));
    const rest: Promise<unknown>[] = [];
    for (const id of ['decision_2', 'decision_3']) {
      rest.push(producer.append(someDecision(id)));
      await nextTurn();
    }
    expect(messages).toHaveLength(1);
    writer.postMessage(committed([1]));
    await first;
    await eventually(() => expect(messages.map(({ decisionIds }) => decisionIds)).toEqual([['decision_1'], ['decision_2', 'decision_3']]));
    writer.postMessage({ kind: 'refused', ids: [2] });
    const alone = producer.append(someDecision('decision_4'));
    await expect(rest[0]).rejects.toMatchObject({ code: 'audit.unavailable' });
    await eventually(() => expect(messages.at(-1)?.decisionIds).toEqual(['decision_4']));
    writer.postMessage(committed([3, 4]));
    await Promise.all([rest[1], alone]);
  });

  it('holds nothing back behind an answer that never comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { producer, messages } = fixture;
    producer.append(someDecision('decision_1')).catch(() => undefined);
    await nextTurn();
    producer.append(someDecision('decision_2')).catch(() => undefined);
    await nextTurn();
    await vi.advanceTimersByTimeAsync(APPEND_DEADLINE_MS);
    vi.useRealTimers();
    await eventually(() => expect(messages.map(({ decisionIds }) => decisionIds)).toEqual([['decision_1'], ['decision_2']]));
  });

  it('sends a full batch although an answer is due', async () => {
    const { producer, messages } = fixture;
    void producer.append(someDecision('decision')).catch(() => undefined);
    await eventually(() => expect(messages).toHaveLength(1));
    for (let index = 0; index < 17; index += 1) void producer.append(someDecision('decision')).catch(() => undefined);
    await eventually(() => expect(messages.map(({ recordsJson }) => recordsJson.length)).toEqual([1, 8, 8]));
  });

  it('tells nobody of entries whose text did not come because nobody listened yet', async () => {
    const { producer, writer } = fixture;
    const heard: AuditEntry[] = [];
    producer.subscribe((entry) => heard.push(entry));
    const own = producer.append(someDecision('decision_1'));
    writer.postMessage({ ...committed([0, 1]), foreignJson: [] });
    await own;
    await eventually(() => expect(heard).toMatchObject([{ seq: 2, record: { decisionId: 'decision_1' } }]));
  });

  it('lets as many wait as allowed and refuses one more; an answer makes room', async () => {
    const { producer, writer, messages } = fixture;
    const first = producer.append(someDecision('decision_1'));
    for (let index = 2; index <= AUDIT_IN_FLIGHT_MAX; index += 1) void producer.append(someDecision('decision')).catch(() => undefined);
    await expect(producer.append(someDecision('decision_more'))).rejects.toMatchObject({ code: 'audit.queue_full' });
    await eventually(() => expect(messages.flatMap(({ recordsJson }) => recordsJson)).toHaveLength(AUDIT_IN_FLIGHT_MAX));
    writer.postMessage(committed([1]));
    expect(await first).toEqual({ seq: 1, hash: 'hash 1' });
    const next = producer.append(someDecision('decision_next'));
    writer.postMessage(committed([AUDIT_IN_FLIGHT_MAX + 1]));
    expect((await next).hash).toBe(`hash ${AUDIT_IN_FLIGHT_MAX + 1}`);
  });

  it('reports an append as not stored when the writer does not answer in time, not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { producer } = fixture;
    const outcomes: unknown[] = [];
    const note = (error: unknown): void => void outcomes.push(error);
    producer.append(someDecision('decision_1')).catch(note);
    await vi.advanceTimersByTimeAsync(1_000);
    producer.append(someDecision('decision_2')).catch(note);
    await vi.advanceTimersByTimeAsync(APPEND_DEADLINE_MS - 1_001);
    expect(outcomes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(outcomes).toMatchObject([{ code: 'audit.unavailable' }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outcomes).toMatchObject([{ code: 'audit.unavailable' }, { code: 'audit.unavailable' }]);
  });

  it('still tells subscribers of an entry that became durable after its deadline', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { producer, writer } = fixture;
    const heard: AuditEntry[] = [];
    producer.subscribe((entry) => heard.push(entry));
    const late = producer.append(someDecision('decision_1'));
    const refused = expect(late).rejects.toMatchObject({ code: 'audit.unavailable' });
    await vi.advanceTimersByTimeAsync(APPEND_DEADLINE_MS);
    await refused;
    vi.useRealTimers();
    writer.postMessage(committed([1]));
    await eventually(() => expect(heard).toMatchObject([{ seq: 1, record: { decisionId: 'decision_1' } }]));
  });

  it('fails what waits and what comes when the writer refuses or goes away', async () => {
    const { producer, writer } = fixture;
    const refused = producer.append(someDecision('decision_1'));
    const waiting = producer.append(someDecision('decision_2'));
    writer.postMessage({ kind: 'refused', ids: [1] });
    await expect(refused).rejects.toMatchObject({ code: 'audit.unavailable' });
    writer.close();
    await expect(waiting).rejects.toMatchObject({ code: 'audit.unavailable' });
    await expect(producer.append(someDecision('decision_3'))).rejects.toMatchObject({ code: 'audit.unavailable' });
    await producer.close();
  });
});
