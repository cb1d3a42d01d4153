import { describe, expect, it } from 'vitest';
import { ReaderGate } from '#adapters/osdp/reader-gate.ts';
import { OWN_REPLIES_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { STATUS_REPORTS } from '#adapters/osdp/status-reports.ts';
import type { SessionEffect } from '#adapters/osdp/session/transition.ts';
import { FakeTime } from './fake-after.ts';

function rig() {
  const time = new FakeTime();
  const passed: SessionEffect[] = [];
  const told: string[] = [];
  const gate = new ReaderGate({
    pass: (effect) => passed.push(effect),
    onExcess: (code) => told.push(code),
    onAlarm: (code) => told.push(`alarm ${code}`),
    monotonicMs: () => time.nowMs,
    after: time.after,
  });
  return { time, passed, told, gate };
}

const vendorReply: SessionEffect = { kind: 'reply', reply: null, raw: { code: 0x90, data: Uint8Array.of(1) } };
const readerStatus = (tampered: number): SessionEffect => ({
  kind: 'reply',
  reply: { name: 'RSTATR', body: { states: [tampered] } },
  raw: { code: 0x4b, data: Uint8Array.of(tampered) },
});

describe('what a reader may cause', () => {
  it('are so many replies of its own a second; the next is dropped and counted', () => {
    const { time, passed, told, gate } = rig();
    for (let count = 0; count < OWN_REPLIES_PER_SECOND_MAX; count += 1) gate.take(vendorReply);
    expect([passed.length, told]).toEqual([OWN_REPLIES_PER_SECOND_MAX, []]);
    gate.take(vendorReply);
    expect([passed.length, told]).toEqual([OWN_REPLIES_PER_SECOND_MAX, ['osdp.status_rate_exceeded']]);
    time.advance(1_000);
    gate.take(vendorReply);
    expect(passed).toHaveLength(OWN_REPLIES_PER_SECOND_MAX + 1);
  });

  it('is a state of its heads (osdp_RSTATR) as any other state: the newest is told in the end', () => {
    const { time, passed, told, gate } = rig();
    for (let count = 0; count <= 100; count += 1) gate.take(readerStatus(count % 2));
    gate.take(readerStatus(1));
    expect(passed).toHaveLength(STATUS_REPORTS.max);
    expect(new Set(told)).toEqual(new Set(['osdp.status_rate_exceeded']));
    time.advance(1_000);
    expect(passed.at(-1)).toEqual(readerStatus(1));
  });

  it('is an alarm for a card that cannot be used, and none for what only is counted', () => {
    const { told, gate } = rig();
    gate.take({ kind: 'discarded', what: 'unsupported_card' });
    gate.take({ kind: 'discarded', what: 'late_reply' });
    gate.take({ kind: 'excess', code: 'osdp.polls_refused' });
    gate.take({ kind: 'alarm', code: 'osdp.mac_mismatch' });
    expect(told).toEqual(['osdp.card_unusable', 'osdp.polls_refused', 'alarm osdp.mac_mismatch']);
  });
});
