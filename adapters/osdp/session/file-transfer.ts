import type { ChannelVersion } from '../channels/channel-suite.ts';
import { suiteOf } from '../channels/suite-of.ts';
import {
  FILE_FRAGMENT_HEADER_LENGTH,
  type FileFragment,
  TRANSFER_ACTION,
  TRANSFER_STATUS,
  type TransferStatus,
} from '../messages/file-transfer-codecs.ts';
import { FRAME_LENGTH_MAX } from '../wire/frame.ts';
import {
  FINISHING_MAX_MS,
  FINISHING_POLL_MS,
  RECEIVE_BUFFER_MIN,
  TRANSFER_DELAY_MAX_MS,
  TRANSFER_FAULTS_MAX,
  TRANSFER_STALL_MAX_MS,
} from './limits.ts';

export interface TransferFile {
  readonly type: number;
  /** Owned by the transfer until it ends; not changed by it. */
  readonly bytes: Uint8Array;
}

/** One file on its way to a reader, as a value: which fragment comes next, how large, and when. */
export interface FileTransfer {
  readonly file: TransferFile;
  /** Taken by the reader so far. */
  readonly offset: number;
  /** Largest frame that the reader wants; it may say another with each status. */
  readonly frameMax: number;
  readonly nextMs: number;
  /** The reader wants nothing else in between. */
  readonly isDedicated: boolean;
  /** It has something to say at the next poll. */
  readonly hasNews: boolean;
  readonly faults: number;
  /** When it last took bytes. */
  readonly movedMs: number;
}

export type TransferStep =
  | { readonly kind: 'running'; readonly transfer: FileTransfer }
  | { readonly kind: 'done' }
  /** `leaves_channel`: the reader wanted the file outside the secure channel. */
  | { readonly kind: 'failed'; readonly reason: 'refused' | 'timeout' | 'leaves_channel' };

export function startTransfer(file: TransferFile, frameMax: number, nowMs: number): FileTransfer {
  const fresh = { offset: 0, isDedicated: false, hasNews: false, faults: 0 };
  return { ...fresh, file, frameMax: clampFrame(frameMax), nextMs: nowMs, movedMs: nowMs };
}

/** The next fragment; an empty one asks a reader that has everything how it goes. */
export function nextFragment({ file, offset, frameMax }: FileTransfer, secureChannel?: ChannelVersion): FileFragment {
  const { type, bytes } = file;
  const fragmentMax = suiteOf(secureChannel).bodyMax(frameMax) - FILE_FRAGMENT_HEADER_LENGTH;
  return { type, total: bytes.length, offset, data: bytes.subarray(offset, Math.min(offset + fragmentMax, bytes.length)) };
}

/** What the reader says after a fragment of `byteCount` bytes, or at a poll (0). */
export function takeStatus(transfer: FileTransfer, byteCount: number, status: TransferStatus, nowMs: number): TransferStep {
  if ((status.action & TRANSFER_ACTION.leaveSecureChannel) !== 0) return { kind: 'failed', reason: 'leaves_channel' };
  const offset = Math.min(transfer.offset + byteCount, transfer.file.bytes.length);
  const isComplete = offset === transfer.file.bytes.length;
  const next: FileTransfer = {
    ...transfer,
    offset,
    isDedicated: (status.action & TRANSFER_ACTION.interleave) === 0,
    hasNews: (status.action & TRANSFER_ACTION.pollAvailable) !== 0,
    frameMax: status.messageMax === 0 ? transfer.frameMax : clampFrame(status.messageMax),
    nextMs: nowMs + Math.min(status.delayMs, TRANSFER_DELAY_MAX_MS),
    movedMs: byteCount > 0 ? nowMs : transfer.movedMs,
  };
  switch (status.status) {
    case TRANSFER_STATUS.proceed:
      return isComplete ? { kind: 'done' } : goOn(next, nowMs);
    case TRANSFER_STATUS.finishing:
      return isComplete ? finish(next, nowMs) : goOn(next, nowMs);
    case TRANSFER_STATUS.processed:
    case TRANSFER_STATUS.rebooting:
      return isComplete ? { kind: 'done' } : { kind: 'failed', reason: 'refused' };
    default:
      return { kind: 'failed', reason: 'refused' };
  }
}

/** The reader answered a fragment with something else: the same one again, smaller when it was too long. */
export function takeFault(transfer: FileTransfer, isTooLong: boolean, nowMs: number): TransferStep {
  if (transfer.faults >= TRANSFER_FAULTS_MAX) return { kind: 'failed', reason: 'refused' };
  const frameMax = isTooLong ? RECEIVE_BUFFER_MIN : transfer.frameMax;
  return { kind: 'running', transfer: { ...transfer, faults: transfer.faults + 1, frameMax, nextMs: nowMs } };
}

/** A reader that puts the next fragment off with every poll would hold the file, and keep its lights from everybody, for ever. */
function goOn(transfer: FileTransfer, nowMs: number): TransferStep {
  if (nowMs - transfer.movedMs > TRANSFER_STALL_MAX_MS) return { kind: 'failed', reason: 'timeout' };
  return { kind: 'running', transfer };
}

/** It has everything and is busy with it. */
function finish(transfer: FileTransfer, nowMs: number): TransferStep {
  if (nowMs - transfer.movedMs > FINISHING_MAX_MS) return { kind: 'failed', reason: 'timeout' };
  return { kind: 'running', transfer: { ...transfer, nextMs: Math.max(transfer.nextMs, nowMs + FINISHING_POLL_MS) } };
}

function clampFrame(length: number): number {
  return Math.min(Math.max(length, RECEIVE_BUFFER_MIN), FRAME_LENGTH_MAX);
}
