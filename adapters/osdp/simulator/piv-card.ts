import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { INSTRUCTION_UNSUPPORTED, type SmartCard } from './smart-card.ts';

/** NIST SP 800-78: ECC P-256. */
export const PIV_ALGORITHM_P256 = 0x11;
/** Card authentication key: no PIN needed. */
export const PIV_KEY_CARD_AUTHENTICATION = 0x9e;

const TAG = { template: 0x7c, challenge: 0x81, response: 0x82 } as const;
const SUCCESS = Uint8Array.of(0x90, 0x00);
const WRONG_DATA = Uint8Array.of(0x6a, 0x80);
const INSTRUCTION_GENERAL_AUTHENTICATE = 0x87;
const INSTRUCTION_SELECT = 0xa4;
const APDU_DATA_AT = 5;
const LENGTH_SHORT_MAX = 0x7f;

/** A PIV card in software: data objects, and a key pair that really signs. */
export interface PivCard extends SmartCard {
  readonly publicKey: KeyObject;
  /** An object by its identifier (lower-case hex); null when the card has none. */
  read(object: string): Uint8Array | null;
  /**
   * The dynamic authentication template (7C .. 82 signature) over a challenge; null for a key or algorithm that it does not have. The signature
   * is ECDSA (DER) over the SHA-256 of the challenge.
   */
  authenticate(algorithm: number, key: number, challenge: Uint8Array): Uint8Array | null;
}

export function createPivCard(options: { readonly serial: Uint8Array; readonly objects: Readonly<Record<string, Uint8Array>> }): PivCard {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const objects = new Map(Object.entries(options.objects));
  const authenticate: PivCard['authenticate'] = (algorithm, key, challenge) => {
    if (algorithm !== PIV_ALGORITHM_P256 || key !== PIV_KEY_CARD_AUTHENTICATION) return null;
    return tlv(TAG.template, tlv(TAG.response, sign('sha256', challenge, privateKey)));
  };
  return {
    protocol: 0,
    serial: options.serial,
    publicKey,
    read: (object) => objects.get(object) ?? null,
    authenticate,
    transmit(apdu) {
      if (apdu[1] === INSTRUCTION_SELECT) return SUCCESS;
      if (apdu[1] !== INSTRUCTION_GENERAL_AUTHENTICATE) return INSTRUCTION_UNSUPPORTED;
      const challenge = challengeOf(apdu.subarray(APDU_DATA_AT, APDU_DATA_AT + (apdu[4] ?? 0)));
      const answer = challenge === null ? null : authenticate(apdu[2] ?? 0, apdu[3] ?? 0, challenge);
      return answer === null ? WRONG_DATA : Buffer.concat([answer, SUCCESS]);
    },
  };
}

/** What a template (7C .. 81 challenge) asks to be signed; null when there is none. */
export function challengeOf(template: Uint8Array): Uint8Array | null {
  const inside = valueOf(template, TAG.template);
  for (let rest = inside; rest !== null && rest.length > 0;) {
    const found = valueOf(rest, TAG.challenge);
    if (found !== null) return found;
    rest = behindFirst(rest);
  }
  return null;
}

/** The signature in the template of an answer; null when there is none. */
export function responseOf(template: Uint8Array): Uint8Array | null {
  const inside = valueOf(template, TAG.template);
  return inside === null ? null : valueOf(inside, TAG.response);
}

interface Field {
  readonly start: number;
  readonly end: number;
}

function firstField(bytes: Uint8Array): Field | null {
  const first = bytes[1] ?? LENGTH_SHORT_MAX;
  const lengthBytes = first <= LENGTH_SHORT_MAX ? 0 : first & LENGTH_SHORT_MAX;
  if (bytes.length < 2 || lengthBytes > 2) return null;
  const length = lengthBytes === 0 ? first : bytes.subarray(2, 2 + lengthBytes).reduce((value, byte) => value * 256 + byte, 0);
  const start = 2 + lengthBytes;
  return start + length > bytes.length ? null : { start, end: start + length };
}

function valueOf(bytes: Uint8Array, tag: number): Uint8Array | null {
  const field = firstField(bytes);
  return field === null || bytes[0] !== tag ? null : bytes.slice(field.start, field.end);
}

function behindFirst(bytes: Uint8Array): Uint8Array | null {
  const field = firstField(bytes);
  return field === null ? null : bytes.subarray(field.end);
}

function tlv(tag: number, value: Uint8Array): Uint8Array {
  const head = value.length <= LENGTH_SHORT_MAX ? [tag, value.length] : [tag, 0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Uint8Array.from(head), value]);
}
