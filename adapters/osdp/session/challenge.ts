import { isSameSecret } from '../secure-channel/same-secret.ts';
import { HANDSHAKE_CODE } from '../channels/handshake-messages.ts';
import { suiteOf } from '../channels/suite-of.ts';
import { isPublicKey } from '../secure-channel/session-keys.ts';
import type { SecurityBlock } from '../wire/security-block.ts';
import { failSession } from './failure.ts';
import type { KeyChoice } from './in-flight.ts';
import { installKey } from './installation.ts';
import { sendOpening } from './send.ts';
import type { SessionState } from './state.ts';
import { type Handshake, type Transition, stay } from './transition.ts';

interface Chosen {
  readonly scbk: Uint8Array;
  readonly choice: KeyChoice;
  readonly hasOther: boolean;
}

/**
 * osdp_CHLNG with SCS_11, or with SCS_21 where that is configured: always a key of the reader's own, unless an operator has opened the reader for installation. A key that everybody knows
 * is refused even when somebody has configured it.
 */
export function challenge(state: SessionState, nowMs: number, handshake: Handshake | null): Transition {
  if (handshake === null) return stay(state);
  const install = installKey(state);
  const chosen: Chosen | null = install === null ? chooseKey(state, handshake) : { scbk: install.scbk, choice: 'current', hasOther: false };
  if (chosen === null) return stay(state);
  if (install === null && isPublicKey(chosen.scbk)) return failSession(state, nowMs, 'secure_channel_failed', 'osdp.default_key_refused');
  const { rndA } = handshake;
  const suite = suiteOf(state.config.secureChannel);
  const kind = install?.kind ?? suite.ownKeyKind;
  const isDiversified = install === null && handshake.isMaster === true;
  const secret = isDiversified ? (suite.beginDiversified?.(chosen.scbk, rndA) ?? null) : suite.begin(chosen.scbk, rndA);
  if (secret === null) return failSession(state, nowMs, 'secure_channel_failed');
  const block: SecurityBlock = { type: suite.blocks.challenge, data: Uint8Array.of(kind) };
  const { choice, hasOther } = chosen;
  const challenged: SessionState = { ...state, security: { name: 'challenged', secret, kind, choice, hasOther, isDiversified } };
  return sendOpening(challenged, nowMs, { code: HANDSHAKE_CODE.challenge, data: rndA }, block);
}

/** osdp_SCRYPT with SCS_13 or SCS_23. */
export function prove(state: SessionState, nowMs: number): Transition {
  if (state.security.name !== 'proving') throw new TypeError('no handshake to prove');
  const { blocks } = suiteOf(state.config.secureChannel);
  const block: SecurityBlock = { type: blocks.serverCryptogram, data: Uint8Array.of(state.security.kind) };
  const message = { code: HANDSHAKE_CODE.serverCryptogram, data: state.security.agreement.serverCryptogram };
  return sendOpening(state, nowMs, message, block);
}

/** While a key change is unsettled the session knows the new key, also when the key store does not say it. */
function chooseKey(state: SessionState, { scbk, next: stored = null }: Handshake): Chosen | null {
  if (scbk === null) return null;
  const changed = state.keyChange?.stage === 'settling' ? state.keyChange.newKey : null;
  const next = stored ?? (changed !== null && !isSameSecret(changed, scbk) ? changed : null);
  if (next === null) return { scbk, choice: changed === null ? 'current' : 'next', hasOther: false };
  return { scbk: state.keyChoice === 'next' ? next : scbk, choice: state.keyChoice, hasOther: true };
}
