import { missReply } from './exchange.ts';
import { failSession } from './failure.ts';
import { closeInstallation, openInstallation } from './installation.ts';
import { beginKeyChange } from './key-change.ts';
import { beginLineChange } from './line-change.ts';
import { abortRunning } from './operation.ts';
import { closePairing, openPairing, sendPairing } from './pairing.ts';
import { enqueueCommand } from './queue.ts';
import { receiveFrame } from './reply.ts';
import type { SessionState } from './state.ts';
import { beginTransfer } from './transfer-job.ts';
import { type SessionEvent, type Transition, stay } from './transition.ts';
import { takeTurn } from './turn.ts';

/**
 * One transition of the session with one reader. Pure, as AES is a function: same state and event, same result. The driver performs the
 * effects in their order.
 */
export function step(state: SessionState, event: SessionEvent): Transition {
  switch (event.kind) {
    case 'turn':
      return takeTurn(state, event);
    case 'frame':
      return receiveFrame(state, event.frame, event.nowMs);
    case 'reply_overdue':
      return missReply(state, event.nowMs);
    case 'command':
      return enqueueCommand(state, event.command);
    case 'set_key':
      return beginKeyChange(state, event.id, event.newKey, event.nowMs);
    case 'set_line':
      return beginLineChange(state, event.id, event.wanted);
    case 'transfer':
      return beginTransfer(state, event.id, event.file);
    case 'abort':
      return abort(state);
    case 'install_window':
      return openInstallation(state, event.window, event.nowMs);
    case 'close_install_window':
      return closeInstallation(state, 'aborted', event.nowMs);
    case 'pairing_window':
      return openPairing(state, event, event.nowMs);
    case 'pairing_message':
      return sendPairing(state, event, event.nowMs);
    case 'close_pairing_window':
      return closePairing(state, 'aborted', event.nowMs);
    case 'key_missing':
      return failSession(state, event.nowMs, 'secure_channel_failed');
    case 'link_up':
      return stay({ ...state, dueMs: event.nowMs, failures: 0, isPatient: true });
    case 'link_down':
      return failSession(state, event.nowMs, 'link_down');
    case 'stop':
      return failSession(state, event.nowMs, 'stopped');
  }
}

function abort(state: SessionState): Transition {
  const { state: ended, effects, wasRunning } = abortRunning(state);
  return { state: { ...ended, isAborting: wasRunning && ended.reported === 'online' }, effects };
}
