import { CAPABILITY, type Capability, type DeviceIdentity, capabilities, deviceIdentity } from '../messages/identity-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { failSession } from './failure.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';

const SECURITY_AES128 = 0x01;

/** Who the reader is, asked again where nobody can change the answer. Another device with the same key is let in, and an alarm. */
export function confirmIdentity(state: SessionState, reply: Reply | null, nowMs: number): Transition {
  if (reply?.name !== 'PDID') return failSession(state, nowMs, 'secure_channel_failed');
  const identity = reply.body;
  const isChanged =
    (state.identity !== null && !isSameIdentity(state.identity, identity)) ||
    (state.claimed.identity !== null && !isSameIdentity(state.claimed.identity, identity));
  return stay(
    { ...state, phase: 'confirm_capabilities', identity, dueMs: nowMs },
    ...(isChanged ? [{ kind: 'alarm', code: 'osdp.identity_changed' } as const] : []),
  );
}

/** What the reader said in clear about its abilities was used for nothing; that somebody changed it is an alarm. */
export function confirmCapabilities(state: SessionState, reply: Reply | null, nowMs: number): Transition {
  const tampering = reply?.name === 'PDCAP' ? detectTampering(state.claimed.capabilities, reply.body) : [];
  return { state: { ...state, phase: 'drain', drained: 0, dueMs: nowMs }, effects: tampering };
}

function detectTampering(claimed: readonly Capability[] | null, trusted: readonly Capability[]): SessionEffect[] {
  if (claimed === null || isSameBytes(capabilities.encode(claimed), capabilities.encode(trusted))) return [];
  const isDowngrade = !claimsSecureChannel(claimed) && claimsSecureChannel(trusted);
  return [{ kind: 'alarm', code: isDowngrade ? 'osdp.cleartext_refused' : 'osdp.identity_changed' }];
}

function claimsSecureChannel(list: readonly Capability[]): boolean {
  return list.some((entry) => entry.function === CAPABILITY.security && (entry.compliance & SECURITY_AES128) !== 0);
}

function isSameIdentity(left: DeviceIdentity, right: DeviceIdentity): boolean {
  return isSameBytes(deviceIdentity.encode(left), deviceIdentity.encode(right));
}
