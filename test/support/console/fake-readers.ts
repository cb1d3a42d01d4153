import type { ReaderFrames, ReaderLineView, ReaderView } from '#gateway/http/contract/readers.ts';
import { doors } from './fake-data.ts';
import { sampleFrame } from '../readers/sample-reader-watch.ts';

/** The readers of the fake site: all on line but those that their door says are not. */
export const fakeReaders: readonly ReaderView[] = doors.flatMap((door) =>
  door.readers.map(({ id, name, side, online }, index) => ({
    id,
    name,
    doorId: door.id,
    doorName: door.name,
    side,
    busId: 'bus-1',
    address: index + 1,
    online,
    sinceMs: door.statusSinceMs,
    offlineCause: online ? null : 'timeout',
    identity: { vendor: '0a0017', model: 3, version: 0, serial: 'cafedeed', firmware: '1.80.2' },
    condition: online ? { tampered: false, powerFailed: false } : null,
    traffic: {
      exchanges: 52_000,
      polls: 51_800,
      retries: 12,
      timeouts: 1,
      badChecks: 3,
      offline: 1,
      roundTripP50Ms: 3.1,
      roundTripP99Ms: 5.4,
      roundTripMaxMs: 9,
    },
    alarms: online ? {} : { 'osdp.address_conflict': 2 },
    biometrics: id === 'dor_server_in' ? { type: 2, format: 2 } : null,
  })),
);

/** One line with all readers: some of it was thrown away. */
export const fakeLines: readonly ReaderLineView[] = [
  {
    busId: 'bus-1',
    sentFrames: 312_004,
    receivedFrames: 311_876,
    counts: { noise_bytes: 1_204, bad_check: 17, overdue: 111, late_reply: 9, unsupported_card: 1 },
    readers: fakeReaders.map(({ id }, index) => ({ readerId: id, counts: index === 0 ? { late_reply: 4, unsupported_card: 1 } : {} })),
  },
];

/** Two frames at the first question, and only polls after it. */
export function fakeFrames(after: number): ReaderFrames {
  const frame = { ...sampleFrame, anomalies: [] };
  const led = { ...frame, direction: 'command', name: 'LED', block: 'SCS_17', answers: null, turnaroundMs: null } as const;
  const frames = [
    { seq: 1, view: frame },
    { seq: 2, view: { ...led, anomalies: ['sequence_anomaly'] } },
  ];
  return { frames: frames.filter(({ seq }) => seq > after), lastSeq: 2, hasGap: false, idleFrames: 42 };
}
