import { CAPABILITY, type Capability, type DeviceIdentity, capabilities, deviceIdentity } from '../messages/identity-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import type { SessionAlarm } from './alarms.ts';
import { failSession } from './failure.ts';
import { FLAPPING_WINDOW_MS, RECEIVE_BUFFER_MIN } from './limits.ts';
import { toCapabilities } from './reader-capabilities.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import { raiseOnce } from './vigilance.ts';

const SECURITY_AES128 = 0x01;

/** The cUID of the handshake that has just succeeded. Another one with the same key is another device. */
export function confirmClient(state: SessionState, clientId: Uint8Array, nowMs: number): Transition {
  const isOther = state.clientId !== null && !isSameBytes(state.clientId, clientId);
  const next: SessionState = { ...state, clientId };
  return isOther ? noteChange(next, 'osdp.identity_changed', nowMs) : stay(next);
}

/** Who the reader is, asked again where nobody can change the answer. Another device with the same key is let in, and an alarm. */
export function confirmIdentity(state: SessionState, reply: Reply | null, nowMs: number): Transition {
  if (reply?.name !== 'PDID') return failSession(state, nowMs, 'secure_channel_failed');
  const identity = reply.body;
  const next: SessionState = {
    ...state,
    phase: state.isRenewing ? 'online' : 'confirm_capabilities',
    isRenewing: false,
    identity,
    dueMs: nowMs,
  };
  if (state.identity !== null && !isSameIdentity(state.identity, identity)) {
    return noteChange(next, isSameDevice(state.identity, identity) ? 'osdp.firmware_changed' : 'osdp.identity_changed', nowMs);
  }
  const isLie = state.claimed.identity !== null && !isSameIdentity(state.claimed.identity, identity);
  return isLie ? stay(next, { kind: 'alarm', code: 'osdp.identity_changed' }) : stay(next);
}

/** What the reader said in clear about its abilities was used for nothing; that somebody changed it is an alarm. */
export function confirmCapabilities(state: SessionState, reply: Reply | null, nowMs: number): Transition {
  const list = reply?.name === 'PDCAP' ? reply.body : null;
  const takesLong = list !== null && toCapabilities(list).receiveBufferMax > RECEIVE_BUFFER_MIN;
  return {
    state: { ...state, phase: takesLong ? 'receive_size' : 'drain', capabilities: list, drained: 0, dueMs: nowMs },
    effects: list === null ? [] : detectTampering(state.claimed.capabilities, list),
  };
}

/** The same device twice in a while is two devices that answer in turn. */
function noteChange(state: SessionState, code: SessionAlarm, nowMs: number): Transition {
  const isFlapping = nowMs - state.identityChangedMs <= FLAPPING_WINDOW_MS && nowMs !== state.identityChangedMs;
  const changed = raiseOnce({ ...state, identityChangedMs: nowMs }, code);
  const flapping = isFlapping ? raiseOnce(changed.state, 'osdp.address_conflict') : stay(changed.state);
  return { state: flapping.state, effects: [...changed.effects, ...flapping.effects] };
}

function detectTampering(claimed: readonly Capability[] | null, trusted: readonly Capability[]): SessionEffect[] {
  if (claimed === null || isSameBytes(capabilities.encode(claimed), capabilities.encode(trusted))) return [];
  const isDowngrade = !claimsSecureChannel(claimed) && claimsSecureChannel(trusted);
  return [{ kind: 'alarm', code: isDowngrade ? 'osdp.cleartext_refused' : 'osdp.identity_changed' }];
}

function claimsSecureChannel(list: readonly Capability[]): boolean {
  return list.some((entry) => entry.function === CAPABILITY.security && (entry.compliance & SECURITY_AES128) !== 0);
}

/** Same maker, model and serial number: only its program is another. */
function isSameDevice(left: DeviceIdentity, right: DeviceIdentity): boolean {
  return left.model === right.model && isSameBytes(left.vendor, right.vendor) && isSameBytes(left.serial, right.serial);
}

function isSameIdentity(left: DeviceIdentity, right: DeviceIdentity): boolean {
  return isSameBytes(deviceIdentity.encode(left), deviceIdentity.encode(right));
}
