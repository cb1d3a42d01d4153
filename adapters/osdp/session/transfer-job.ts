import { commandTable } from '../messages/commands.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';
import type { Answer } from './answer.ts';
import { done, unanswered } from './command-result.ts';
import { type TransferFile, type TransferStep, nextFragment, startTransfer, takeFault, takeStatus } from './file-transfer.ts';
import { FILE_LENGTH_MAX, TRANSFER_ATTEMPTS_MAX } from './limits.ts';
import { toCapabilities } from './reader-capabilities.ts';
import { sendSecured } from './send.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import type { TransferJob } from './work.ts';

export function beginTransfer(state: SessionState, id: number, file: TransferFile): Transition {
  if (state.reported !== 'online') return stay(state, unanswered(id, 'offline'));
  if (file.bytes.length === 0 || file.bytes.length > FILE_LENGTH_MAX) return stay(state, unanswered(id, 'unsupported'));
  if (state.transfer !== null) return stay(state, unanswered(id, 'queue_full'));
  return stay({ ...state, transfer: { id, file, transfer: null, attempts: 1, hasPolled: true } });
}

export function sendFragment(state: SessionState, job: TransferJob, nowMs: number): Transition {
  const frameMax = toCapabilities(state.capabilities ?? []).receiveBufferMax;
  const transfer = job.transfer ?? startTransfer(job.file, frameMax, nowMs);
  const body = nextFragment(transfer, state.config.secureChannel);
  const message: EncodedMessage = commandTable.encode({ name: 'FILETRANSFER', body });
  const running: SessionState = { ...state, transfer: { ...job, transfer, hasPolled: false } };
  return sendSecured(running, nowMs, message, { name: 'fragment', byteCount: body.data.length });
}

/** The answer to a fragment: osdp_FTSTAT, or something that makes the fragment go out again. */
export function takeFragmentAnswer(state: SessionState, answer: Answer, byteCount: number, nowMs: number): Transition {
  const job = state.transfer;
  if (job === null || job.transfer === null) return stay(state);
  const { reply } = answer;
  if (reply?.name === 'FTSTAT') return advance(state, job, takeStatus(job.transfer, byteCount, reply.body, nowMs));
  const nak = reply?.name === 'NAK' ? reply.body.code : null;
  const isFinal = nak !== null && nak !== NAK_CODE.badLength && nak !== NAK_CODE.badCheck;
  if (isFinal) return { state: { ...state, transfer: null }, effects: [{ ...unanswered(job.id, 'refused'), reply, nak }] };
  return advance(state, job, takeFault(job.transfer, nak === NAK_CODE.badLength, nowMs));
}

/** osdp_FTSTAT that a poll brought. */
export function takePolledStatus(state: SessionState, reply: Extract<Reply, { name: 'FTSTAT' }>, nowMs: number): Transition {
  const job = state.transfer;
  if (job === null || job.transfer === null) return stay(state);
  return advance(state, job, takeStatus(job.transfer, 0, reply.body, nowMs));
}

/** From the first byte in the next session, but not for ever. */
export function interruptTransfer(job: TransferJob): { readonly job: TransferJob | null; readonly effects: readonly SessionEffect[] } {
  if (job.attempts >= TRANSFER_ATTEMPTS_MAX) return { job: null, effects: [unanswered(job.id, 'offline')] };
  return { job: { ...job, transfer: null, attempts: job.transfer === null ? job.attempts : job.attempts + 1 }, effects: [] };
}

function advance(state: SessionState, job: TransferJob, step: TransferStep): Transition {
  const totalBytes = job.file.bytes.length;
  if (step.kind === 'running') {
    const next: SessionState = { ...state, transfer: { ...job, transfer: step.transfer } };
    const hasMoved = step.transfer.offset !== job.transfer?.offset;
    return hasMoved ? stay(next, { kind: 'transfer_progress', id: job.id, sentBytes: step.transfer.offset, totalBytes }) : stay(next);
  }
  const ended: SessionState = { ...state, transfer: null };
  if (step.kind === 'done') {
    return stay(ended, { kind: 'transfer_progress', id: job.id, sentBytes: totalBytes, totalBytes }, done(job.id));
  }
  // The reader is told that nothing more will come.
  const aborting: SessionState = { ...ended, isAborting: true };
  if (step.reason !== 'leaves_channel') return stay(aborting, unanswered(job.id, step.reason));
  return stay(aborting, { kind: 'alarm', code: 'osdp.cleartext_refused' }, unanswered(job.id, 'refused'));
}
