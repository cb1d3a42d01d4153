import type { Command } from '../messages/commands.ts';
import { CAPABILITY, type Capability } from '../messages/identity-codecs.ts';
import { FRAME_LENGTH_MAX } from '../wire/frame.ts';
import type { RawCommand } from './in-flight.ts';
import { RECEIVE_BUFFER_MIN } from './limits.ts';

const SECURITY_AES128 = 0x01;

/** What a reader can do, from the PDCAP that it gave inside the secure channel. */
export interface ReaderCapabilities {
  readonly inputs: number;
  readonly outputs: number;
  readonly leds: number;
  readonly hasLed: boolean;
  readonly hasBuzzer: boolean;
  readonly textDisplays: number;
  readonly hasText: boolean;
  readonly hasAes128: boolean;
  /** Largest frame that it takes. */
  readonly receiveBufferMax: number;
  /** Largest message in parts; 0 when it does not say. */
  readonly combinedMessageMax: number;
  readonly hasSmartCard: boolean;
  readonly readers: number;
  readonly hasBiometrics: boolean;
  readonly hasSecurePin: boolean;
  readonly osdpVersion: number;
}

export function toCapabilities(list: readonly Capability[]): ReaderCapabilities {
  const find = (code: number): Capability => list.find((entry) => entry.function === code) ?? { function: code, compliance: 0, count: 0 };
  const has = (code: number): boolean => find(code).compliance > 0;
  const countOf = (code: number): number => (has(code) ? find(code).count : 0);
  const lengthOf = (code: number): number => find(code).compliance | (find(code).count << 8);
  return {
    inputs: countOf(CAPABILITY.inputs),
    outputs: countOf(CAPABILITY.outputs),
    leds: countOf(CAPABILITY.led),
    hasLed: has(CAPABILITY.led),
    hasBuzzer: has(CAPABILITY.buzzer),
    textDisplays: countOf(CAPABILITY.text),
    hasText: has(CAPABILITY.text),
    hasAes128: (find(CAPABILITY.security).compliance & SECURITY_AES128) !== 0,
    receiveBufferMax: Math.min(Math.max(lengthOf(CAPABILITY.receiveBuffer), RECEIVE_BUFFER_MIN), FRAME_LENGTH_MAX),
    combinedMessageMax: lengthOf(CAPABILITY.combinedMessage),
    hasSmartCard: has(CAPABILITY.smartCard),
    readers: find(CAPABILITY.readers).count,
    hasBiometrics: has(CAPABILITY.biometrics),
    hasSecurePin: has(CAPABILITY.securePin),
    osdpVersion: find(CAPABILITY.osdpVersion).compliance,
  };
}

/** Whether the reader has what the command is for. One that gave no list inside the channel is asked anything: it says no by itself. */
export function isSupported(command: Command | RawCommand, list: readonly Capability[] | null): boolean {
  if (list === null) return true;
  const able = toCapabilities(list);
  switch (command.name) {
    case 'OUT':
      return command.body.every(({ output }) => output < able.outputs);
    case 'LED':
      return able.hasLed;
    case 'BUZ':
      return able.hasBuzzer;
    case 'TEXT':
      return able.hasText;
    case 'BIOREAD':
    case 'BIOMATCH':
      return able.hasBiometrics;
    case 'XWR':
      return able.hasSmartCard;
    default:
      return true;
  }
}
