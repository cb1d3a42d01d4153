import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Frame } from '../wire/frame.ts';
import { encodeCaptureLine, toCaptureTime } from './osdpcap-line.ts';
import { encodePcapHeader, encodePcapRecord } from './pcap.ts';
import { redactFrame } from './redact-frame.ts';

/** Bytes waiting for the disk; beyond them frames are left out and counted, because a line does not wait. */
export const CAPTURE_UNWRITTEN_MAX = 8_388_608;
const SOURCE = 'Gatehouse';

export interface CaptureWriter {
  /** Keys are zeroed before anything is written. */
  write(frame: Frame, epochMs: number): void;
  /** Frames that the disk was too slow for. */
  readonly lost: number;
  /** Resolves when everything is written. @throws store.unavailable the disk refused. */
  close(): Promise<void>;
}

/** A new file (mode 0600), never one that exists: `.pcap` for Wireshark, anything else as .osdpcap. @throws request.conflict, store.unavailable */
export async function createCaptureWriter(path: string): Promise<CaptureWriter> {
  const isPcap = path.endsWith('.pcap');
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let failure: unknown = null;
  await once(stream, 'open').catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new GatewayError(exists ? 'request.conflict' : 'store.unavailable', exists ? `${path} exists` : `${path} cannot be written`, {
      cause,
    });
  });
  stream.on('error', (cause) => {
    failure = cause;
  });
  if (isPcap) stream.write(encodePcapHeader());
  let lost = 0;
  return {
    get lost() {
      return lost;
    },
    write(frame, epochMs) {
      if (failure !== null || stream.writableLength > CAPTURE_UNWRITTEN_MAX) {
        lost += 1;
        return;
      }
      const bytes = redactFrame(frame);
      if (isPcap) stream.write(encodePcapRecord(epochMs, bytes));
      else stream.write(`${encodeCaptureLine({ ...toCaptureTime(epochMs), io: 'trace', bytes, source: SOURCE })}\n`);
    },
    async close() {
      if (failure === null) {
        const finished = once(stream, 'close').catch((cause: unknown) => {
          failure = cause;
        });
        stream.end();
        await finished;
      }
      if (failure !== null) throw new GatewayError('store.unavailable', `${path} could not be written to its end`, { cause: failure });
    },
  };
}
