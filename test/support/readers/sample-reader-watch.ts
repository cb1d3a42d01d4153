import type { LineFrame } from '#gateway/ports/line-view.ts';
import type { ReaderStatus, ReaderWatch } from '#gateway/ports/reader-watch.ts';
import { sampleInstallation } from '../sample-installation.ts';

export const sampleFrame: LineFrame = {
  kind: 'frame',
  atMs: 1_700_000_000_000,
  direction: 'reply',
  address: 1,
  sequence: 1,
  check: 'crc',
  lengthBytes: 30,
  block: 'SCS_18',
  keyKind: null,
  mac: 'unverified',
  code: 0x50,
  name: 'RAW',
  body: 'encrypted',
  text: 'encrypted',
  isRedacted: false,
  isRepeat: false,
  answers: 'POLL',
  turnaroundMs: 3,
  anomalies: [],
  hex: '53 81',
};

const status = (reader: (typeof sampleInstallation.readers)[number], index: number): ReaderStatus => ({
  readerId: reader.id,
  busId: reader.busId,
  address: reader.address,
  isOnline: index === 0,
  sinceMs: index === 0 ? 1_700_000_000_000 : null,
  offlineCause: index === 0 ? null : 'never_seen',
  identity: index === 0 ? { vendor: '0a0017', model: 3, version: 0, serial: 'cafedeed', firmware: '1.80.2' } : null,
  condition: index === 0 ? { tampered: false, powerFailed: false } : null,
  traffic: {
    exchanges: 10,
    polls: 9,
    retries: 1,
    timeouts: 0,
    badChecks: 0,
    offline: 0,
    roundTripP50Ms: 3,
    roundTripP99Ms: 5,
    roundTripMaxMs: 6,
  },
  alarms: index === 0 ? { 'osdp.mac_mismatch': 2 } : {},
});

/** The readers of the sample installation: the first on line with one frame seen, the others never heard. */
export const sampleReaderWatch: ReaderWatch = {
  readers: () => Promise.resolve(sampleInstallation.readers.map(status)),
  lines: () =>
    Promise.resolve([
      {
        busId: 'bus-1',
        sentFrames: 1_000,
        receivedFrames: 990,
        counts: { noise_bytes: 12, late_reply: 3 },
        readers: sampleInstallation.readers.map(({ id: readerId }, index) => ({ readerId, counts: index === 0 ? { late_reply: 3 } : {} })),
      },
    ]),
  frames: (readerId, afterSeq) =>
    Promise.resolve(
      sampleInstallation.readers.some(({ id }) => id === readerId)
        ? { frames: afterSeq < 7 ? [{ seq: 7, view: sampleFrame }] : [], lastSeq: 7, hasGap: false, idleFrames: 4 }
        : null,
    ),
};
