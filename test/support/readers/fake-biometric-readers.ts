import type { ReaderScore } from '#gateway/domain/face/reader-match.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { BiometricReaders, BiometricScan, BiometricTemplate } from '#gateway/ports/biometric-readers.ts';

export interface FakeBiometricReaders extends BiometricReaders {
  readonly asked: {
    readonly readerId: ReaderId;
    readonly scan: BiometricScan;
    readonly template: Uint8Array;
    readonly answer: (score: ReaderScore) => void;
  }[];
  readonly cancelled: ReaderId[];
  /** What the next scans give. */
  scanned: BiometricTemplate;
}

/** Scanners without a wire: the test answers what they were asked. */
export function createFakeBiometricReaders(): FakeBiometricReaders {
  const fake: FakeBiometricReaders = {
    asked: [],
    cancelled: [],
    scanned: { ok: false, code: 'timeout' },
    match(readerId, scan, template) {
      const { promise, resolve } = Promise.withResolvers<ReaderScore>();
      // A copy, as the wire makes one.
      fake.asked.push({ readerId, scan, template: Uint8Array.from(template), answer: resolve });
      return promise;
    },
    scan: () => Promise.resolve(fake.scanned),
    cancel: (readerId) => void fake.cancelled.push(readerId),
  };
  return fake;
}
