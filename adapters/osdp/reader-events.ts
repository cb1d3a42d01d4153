import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { InputState, ReaderEvent, ReaderIdentity } from '#gateway/ports/readers.ts';
import type { BurstReport } from './burst.ts';
import type { BurstCode } from './burst-alarms.ts';
import type { SessionEffect } from './session/transition.ts';
import type { DeviceIdentity } from './messages/identity-codecs.ts';

const INPUT_STATES: readonly InputState[] = ['inactive', 'active', 'short', 'open', 'fault', 'unknown'];

/** The words of the port for what a session reports; null for what the port has no word for. */
export function toReaderEvent(readerId: ReaderId, effect: SessionEffect, occurredAtMs: number): ReaderEvent | null {
  switch (effect.kind) {
    case 'online':
      return {
        kind: 'online',
        readerId,
        identity: toIdentity(effect.identity),
        ...(effect.capabilities === null ? {} : { capabilities: effect.capabilities }),
        secure: true,
        occurredAtMs,
      };
    case 'offline':
      return { kind: 'offline', readerId, cause: effect.cause, occurredAtMs };
    case 'card_read':
      return { kind: 'card_read', readerId, bits: effect.bits, bitCount: effect.bitCount, occurredAtMs };
    case 'inputs':
      return { kind: 'inputs', readerId, inputs: effect.states.map((state) => INPUT_STATES[state] ?? 'unknown'), occurredAtMs };
    case 'outputs':
      return { kind: 'outputs', readerId, active: effect.states.map((state) => state !== 0), occurredAtMs };
    case 'local_status':
      return { kind: 'local_status', readerId, tampered: effect.tampered, powerFailed: effect.powerFailed, occurredAtMs };
    case 'alarm':
      return { kind: 'alarm', readerId, code: effect.code, occurredAtMs };
    case 'keypad': {
      const keys = toKeys(effect.keys);
      return keys === '' ? null : { kind: 'keypad', readerId, keys, occurredAtMs };
    }
    case 'reply':
    case 'transfer_progress':
    case 'key_confirmed':
    case 'install_progress':
    case 'line_settings':
    case 'line_changed':
    case 'line_unchanged':
    case 'forget_secret':
    case 'send':
    case 'command_done':
    case 'excess':
    case 'discarded':
    case 'forget_keys':
      return null;
  }
}

/** The alarm about a condition that goes on. */
export function toBurstAlarm(readerId: ReaderId, code: BurstCode, { count, isOver }: BurstReport, occurredAtMs: number): ReaderEvent {
  return { kind: 'alarm', readerId, code, dropped: { count, isOver }, occurredAtMs };
}

export function toIdentity(identity: DeviceIdentity): ReaderIdentity {
  return {
    vendor: Buffer.from(identity.vendor).toString('hex'),
    model: identity.model,
    version: identity.version,
    serial: Buffer.from(identity.serial).toString('hex'),
    firmware: identity.firmware.join('.'),
  };
}

/** Readers send 0x7F for `*` and 0x0D for `#`; some send the characters themselves. Anything else is no key. */
function toKeys(codes: Uint8Array): string {
  return Array.from(codes, (code) => {
    if (code === KEY_STAR) return '*';
    if (code === KEY_HASH) return '#';
    const key = String.fromCharCode(code);
    return /[0-9*#]/.test(key) ? key : '';
  }).join('');
}

const KEY_STAR = 0x7f;
const KEY_HASH = 0x0d;
