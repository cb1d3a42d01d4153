import { isSameSecret } from '../secure-channel/same-secret.ts';
import { openChannel } from '../secure-channel/channel.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from '../secure-channel/cryptograms.ts';
import { SCBK_D, deriveSessionKeys } from '../secure-channel/session-keys.ts';
import { commandTable } from '../messages/commands.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { Frame } from '../wire/frame.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS, type SecurityBlock } from '../wire/security-block.ts';
import { refuseInClear, replyInClear } from './answer.ts';
import type { PdKeyKind, PdState } from './state.ts';
import { type ChannelEnd, type PdEffect, type PdTransition, andThen, stay } from './transition.ts';

/** Who could not prove the key learns nothing that the keys have made. */
const NO_R_MAC = new Uint8Array(16);

/** Ends a channel or a handshake under way. */
export function dropChannel(state: PdState, cause: ChannelEnd): PdTransition {
  const { security } = state;
  if (security.name === 'none') return stay(state);
  const keys = security.name === 'open' ? security.channel.keys : security.keys;
  const closed: readonly PdEffect[] = security.name === 'open' ? [{ kind: 'channel_closed', cause }] : [];
  return stay({ ...state, security: { name: 'none' } }, ...closed, { kind: 'forget_keys', keys });
}

/** osdp_CHLNG in SCS_11. A new challenge ends the channel that stood; a key that this reader does not have now is NAK 5. */
export function answerChallenge(state: PdState, frame: Frame, rndB: Uint8Array): PdTransition {
  const parsed = commandTable.parse(frame.code, frame.data);
  if (parsed.ok && parsed.message.name !== 'CHLNG') return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  if (!parsed.ok) return refuseInClear(state, frame, NAK_CODE.badLength);
  const keyKind: PdKeyKind | null = keyKindOf(frame.block);
  const scbk = keyKind === null ? null : keyFor(state, keyKind);
  if (scbk === null || keyKind === null || parsed.message.name !== 'CHLNG') {
    return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  }
  const { rndA } = parsed.message.body;
  return andThen(dropChannel(state, 'challenged'), (dropped) => {
    const keys = deriveSessionKeys(scbk, rndA);
    const challenged: PdState = { ...dropped, security: { name: 'challenged', keys, rndA, rndB, keyKind } };
    const cryptogram = clientCryptogram(keys, rndA, rndB);
    const body = { clientId: state.config.clientId, rndB, cryptogram };
    return replyInClear(challenged, frame, { name: 'CCRYPT', body }, clientBlock(state, keyKind));
  });
}

/** osdp_SCRYPT in SCS_13: the ACU's proof. Wrong or right, the handshake is used up. */
export function answerProof(state: PdState, frame: Frame, nowMs: number): PdTransition {
  const parsed = commandTable.parse(frame.code, frame.data);
  const { security } = state;
  if (security.name !== 'challenged' || !parsed.ok || parsed.message.name !== 'SCRYPT') {
    return refuseInClear(state, frame, NAK_CODE.securityBlockUnsupported);
  }
  const { keys, rndA, rndB, keyKind } = security;
  const { cryptogram } = parsed.message.body;
  if (!isSameSecret(serverCryptogram(keys, rndA, rndB), cryptogram)) {
    const block = { type: SCS.initialRMac, data: Uint8Array.of(HANDSHAKE_RESULT.failed) };
    const refused = replyInClear(state, frame, { name: 'RMAC_I', body: { rMac: NO_R_MAC } }, block);
    return andThen(refused, (after) => dropChannel(after, 'not_authentic'));
  }
  const rMac = initialRMac(keys, cryptogram);
  const block = { type: SCS.initialRMac, data: Uint8Array.of(HANDSHAKE_RESULT.ok) };
  const open: PdState = { ...state, security: { name: 'open', channel: openChannel(keys, rMac), keyKind }, usedMs: nowMs };
  return andThen(stay(open, { kind: 'channel_opened', keyKind }), (after) =>
    replyInClear(after, frame, { name: 'RMAC_I', body: { rMac } }, block),
  );
}

function keyKindOf(block: SecurityBlock | null): PdKeyKind | null {
  if (block?.data[0] === KEY_KIND.scbk) return 'scbk';
  return block?.data[0] === KEY_KIND.scbkD ? 'scbk_d' : null;
}

function keyFor(state: PdState, keyKind: PdKeyKind): Uint8Array | null {
  if (state.mode === 'none') return null;
  if (keyKind === 'scbk') return state.scbk;
  return state.mode === 'install' ? SCBK_D : null;
}

function clientBlock(state: PdState, keyKind: PdKeyKind): SecurityBlock {
  const isOwn = (keyKind === 'scbk') !== (state.config.quirks.echoesWrongKeyKind === true);
  return { type: SCS.clientCryptogram, data: Uint8Array.of(isOwn ? KEY_KIND.scbk : KEY_KIND.scbkD) };
}
