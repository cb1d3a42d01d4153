import { commandTable } from '../messages/commands.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { Frame } from '../wire/frame.ts';
import { nak, sendAside } from './answer.ts';
import { askDevice } from './execute.ts';
import type { PdState } from './state.ts';
import { type PdTransition, stay } from './transition.ts';

/**
 * Address 0x7F (SIA OSDP Verified 050-09-05, 050-09-13): every reader hears it and answers from 0xFF, but only ID, CAP and COMSET; silence for
 * all else. It stands beside the reader's own connection, whose sequence and channel it leaves alone.
 */
export function receiveConfiguration(state: PdState, frame: Frame): PdTransition {
  const parsed = frame.block === null ? commandTable.parse(frame.code, frame.data) : null;
  if (parsed?.ok !== true || state.pending !== null) return stay(state);
  const command = parsed.message;
  if (command.name !== 'ID' && command.name !== 'CAP' && command.name !== 'COMSET') return stay(state);
  const isRefused = command.name === 'COMSET' && (state.security.name === 'open' || state.config.clearComset === 'refused');
  if (isRefused) return sendAside(state, frame, nak(NAK_CODE.encryptionRequired));
  return askDevice(state, { id: state.executions, frame, command, isSecured: false, wasBusy: false });
}
