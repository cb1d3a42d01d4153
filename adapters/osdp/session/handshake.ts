import { HANDSHAKE_CODE, parseClientAnswer } from '../channels/handshake-messages.ts';
import { suiteOf } from '../channels/suite-of.ts';
import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import type { Frame } from '../wire/frame.ts';
import { KEY_KIND, SCS } from '../wire/security-block.ts';
import type { SessionAlarm } from './alarms.ts';
import { confirmClient } from './confirmation.ts';
import { acceptReply } from './exchange.ts';
import { failSession } from './failure.ts';
import type { Security } from './in-flight.ts';
import { continueInstallation, refuseInstallKey } from './installation.ts';
import { confirmKey } from './key-change.ts';
import { confirmLine } from './line-change.ts';
import { restartQuietly } from './renewal.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

type Challenged = Extract<Security, { name: 'challenged' }>;
type Proving = Extract<Security, { name: 'proving' }>;

/** osdp_CCRYPT or osdp_RMAC_I of the secure channel that is configured, in the block that was asked for; null when the frame is neither. */
export function receiveHandshake(state: SessionState, frame: Frame, nowMs: number): Transition | null {
  const { security } = state;
  const suite = suiteOf(state.config.secureChannel);
  const type = frame.block?.type;
  if (security.name === 'challenged' && type === suite.blocks.clientCryptogram && frame.code === HANDSHAKE_CODE.clientCryptogram) {
    return receiveClientAnswer(state, security, frame, nowMs);
  }
  if (security.name === 'proving' && type === suite.blocks.result && frame.code === HANDSHAKE_CODE.result) {
    return receiveResult(state, security, frame, nowMs);
  }
  return null;
}

/** A reader of secure channel 2 that would go on with 1: somebody wants the weaker one. */
export function isStepDown(state: SessionState, frame: Frame): boolean {
  const type = frame.block?.type;
  return state.config.secureChannel === 2 && (type === SCS.clientCryptogram || type === SCS.initialRMac);
}

function receiveClientAnswer(state: SessionState, security: Challenged, frame: Frame, nowMs: number): Transition {
  const { secret, kind, choice, hasOther, isDiversified } = security;
  const answer = parseClientAnswer(suiteOf(state.config.secureChannel), frame.data);
  if (answer === null) return stay(state, { kind: 'discarded', what: 'malformed_reply' });
  // A reader that forgot its key, or somebody who hopes to be given it. Nothing but an operator's window changes that.
  const claimedKind = frame.block?.data[0];
  if (claimedKind !== kind) return refuseKind(state, kind, claimedKind, nowMs);
  const agreement = secret.agree(answer.rndB, answer.clientId);
  if (!isSameSecret(agreement.clientCryptogram, answer.cryptogram)) {
    const refused = refuseKey(state, security, nowMs);
    // The session keys of secure channel 2 are younger than the state that was given up.
    return agreement.leftover === null ? refused : withForgotten(refused, agreement.keys);
  }
  const proving: Proving = { name: 'proving', agreement, kind, choice, hasOther, isDiversified, clientId: answer.clientId };
  const next: SessionState = { ...acceptReply(state, frame, nowMs), dueMs: nowMs, phase: 'cryptogram', security: proving };
  return withForgotten(stay(next), agreement.leftover);
}

function receiveResult(state: SessionState, security: Proving, frame: Frame, nowMs: number): Transition {
  const { accepted } = suiteOf(state.config.secureChannel);
  const { confirmation } = security.agreement;
  if (frame.data.length !== confirmation.length) return stay(state, { kind: 'discarded', what: 'malformed_reply' });
  const isAgreed = frame.block?.data[0] === accepted && isSameSecret(confirmation, frame.data);
  if (!isAgreed) return refuseKey(state, security, nowMs);
  return enterChannel({ ...acceptReply(state, frame, nowMs), dueMs: nowMs }, security, nowMs);
}

/** The channel stands. It settles what was open: the key, the line, the installation. */
function enterChannel(state: SessionState, security: Proving, nowMs: number): Transition {
  const { channel } = security.agreement;
  const open: SessionState = { ...state, phase: 'confirm_identity', security: { name: 'open', channel, sinceMs: nowMs, exchanges: 0 } };
  if (open.installation !== null && open.installation.key !== 'final') return continueInstallation(open, open.installation);
  const client = confirmClient(open, security.clientId, nowMs);
  const key =
    client.state.installation === null
      ? confirmKey(client.state, security.choice, security.hasOther || security.isDiversified)
      : continueInstallation(client.state, client.state.installation);
  const line = confirmLine(key.state);
  return { state: line.state, effects: [...client.effects, ...key.effects, ...line.effects] };
}

function refuseKind(state: SessionState, asked: number, claimed: number | undefined, nowMs: number): Transition {
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  if (asked === KEY_KIND.scbk2 && claimed === KEY_KIND.scbk) return fail(state, nowMs, 'osdp.cleartext_refused');
  return fail(state, nowMs, asked === KEY_KIND.scbkD ? 'osdp.key_mismatch' : 'osdp.default_key_refused');
}

/** A second key of the reader is tried at once, without an alarm; when both have failed it is one. */
function refuseKey(state: SessionState, { choice, hasOther }: Challenged | Proving, nowMs: number): Transition {
  if (state.installation !== null) return refuseInstallKey(state, state.installation, nowMs);
  const other = choice === 'current' ? 'next' : 'current';
  if (hasOther && !state.isOtherKeyTried) return restartQuietly({ ...state, keyChoice: other, isOtherKeyTried: true }, nowMs);
  return fail({ ...state, isOtherKeyTried: false }, nowMs, 'osdp.key_mismatch');
}

function withForgotten({ state, effects }: Transition, keys: DestroyableKeys | null): Transition {
  return { state, effects: keys === null ? effects : [...effects, { kind: 'forget_keys', keys }] };
}

function fail(state: SessionState, nowMs: number, alarm: SessionAlarm): Transition {
  return failSession(state, nowMs, 'secure_channel_failed', alarm);
}
