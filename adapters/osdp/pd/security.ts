import type { HandshakeSecret } from '../channels/channel-suite.ts';
import { HANDSHAKE_CODE, encodeClientAnswer } from '../channels/handshake-messages.ts';
import { suiteOf } from '../channels/suite-of.ts';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import { SCBK_D } from '../secure-channel/session-keys.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { Frame } from '../wire/frame.ts';
import { HANDSHAKE_RESULT, KEY_KIND, type SecurityBlock } from '../wire/security-block.ts';
import { refuseInClear, replyHandshake } from './answer.ts';
import type { PdKeyKind, PdState } from './state.ts';
import { type ChannelEnd, type PdEffect, type PdTransition, andThen, stay } from './transition.ts';

/** Ends a channel or a handshake under way. */
export function dropChannel(state: PdState, cause: ChannelEnd): PdTransition {
  const { security } = state;
  if (security.name === 'none') return stay(state);
  const keys = security.name === 'open' ? security.channel.keys : security.agreement.keys;
  const closed: readonly PdEffect[] = security.name === 'open' ? [{ kind: 'channel_closed', cause }] : [];
  return stay({ ...state, security: { name: 'none' } }, ...closed, { kind: 'forget_keys', keys });
}

/** osdp_CHLNG in SCS_11 or SCS_21. A new challenge ends the channel that stood; a key that this reader does not have now is NAK 5. */
export function answerChallenge(state: PdState, frame: Frame, rndB: Uint8Array): PdTransition {
  const suite = suiteOf(state.config.secureChannel);
  if (frame.code !== HANDSHAKE_CODE.challenge) return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  if (frame.data.length !== suite.nonceLength) return refuseInClear(state, frame, NAK_CODE.badLength);
  const keyKind = keyKindOf(state, frame.block);
  const scbk = keyKind === null ? null : keyFor(state, keyKind);
  if (scbk === null || keyKind === null) return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  const secret = suite.begin(scbk, new Uint8Array(frame.data));
  return andThen(dropChannel(state, 'challenged'), (dropped) => proveKey(dropped, frame, { secret, rndB, keyKind }));
}

interface Challenged {
  readonly secret: HandshakeSecret;
  readonly rndB: Uint8Array;
  readonly keyKind: PdKeyKind;
}

function proveKey(state: PdState, frame: Frame, { secret, rndB, keyKind }: Challenged): PdTransition {
  const { clientId } = state.config;
  const agreement = secret.agree(rndB, clientId);
  const { leftover, clientCryptogram } = agreement;
  const data = encodeClientAnswer({ clientId, rndB, cryptogram: clientCryptogram });
  const challenged: PdState = { ...state, security: { name: 'challenged', agreement, keyKind } };
  const forgotten: readonly PdEffect[] = leftover === null ? [] : [{ kind: 'forget_keys', keys: leftover }];
  return andThen(stay(challenged, ...forgotten), (after) =>
    replyHandshake(after, frame, { code: HANDSHAKE_CODE.clientCryptogram, data }, clientBlock(state, keyKind)),
  );
}

/** osdp_SCRYPT in SCS_13 or SCS_23: the ACU's proof. Wrong or right, the handshake is used up. */
export function answerProof(state: PdState, frame: Frame, nowMs: number): PdTransition {
  const { security } = state;
  const { accepted, blocks, cryptogramLength } = suiteOf(state.config.secureChannel);
  const isProof = frame.code === HANDSHAKE_CODE.serverCryptogram && frame.data.length === cryptogramLength;
  if (security.name !== 'challenged' || !isProof) return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  const { agreement, keyKind } = security;
  const reply = (to: PdState, result: number, data: Uint8Array): PdTransition =>
    replyHandshake(to, frame, { code: HANDSHAKE_CODE.result, data }, { type: blocks.result, data: Uint8Array.of(result) });
  if (!isSameSecret(agreement.serverCryptogram, frame.data)) {
    // Who could not prove the key learns nothing that the keys have made.
    const refused = reply(state, HANDSHAKE_RESULT.failed, new Uint8Array(agreement.confirmation.length));
    return andThen(refused, (after) => dropChannel(after, 'not_authentic'));
  }
  const open: PdState = { ...state, security: { name: 'open', channel: agreement.channel, keyKind }, usedMs: nowMs };
  return andThen(stay(open, { kind: 'channel_opened', keyKind }), (after) => reply(after, accepted, agreement.confirmation));
}

function keyKindOf(state: PdState, block: SecurityBlock | null): PdKeyKind | null {
  const { ownKeyKind, hasDefaultKey } = suiteOf(state.config.secureChannel);
  if (block?.data[0] === ownKeyKind) return 'scbk';
  return hasDefaultKey && block?.data[0] === KEY_KIND.scbkD ? 'scbk_d' : null;
}

function keyFor(state: PdState, keyKind: PdKeyKind): Uint8Array | null {
  if (state.mode === 'none') return null;
  if (keyKind === 'scbk') return state.scbk;
  return state.mode === 'install' ? SCBK_D : null;
}

function clientBlock(state: PdState, keyKind: PdKeyKind): SecurityBlock {
  const { blocks, ownKeyKind } = suiteOf(state.config.secureChannel);
  const isOwn = (keyKind === 'scbk') !== (state.config.quirks.echoesWrongKeyKind === true);
  return { type: blocks.clientCryptogram, data: Uint8Array.of(isOwn ? ownKeyKind : KEY_KIND.scbkD) };
}
