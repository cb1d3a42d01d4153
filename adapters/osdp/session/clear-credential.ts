import { REPLY_CODE } from '../messages/replies.ts';
import type { Frame } from '../wire/frame.ts';

const CREDENTIAL_CODES: ReadonlySet<number> = new Set([
  REPLY_CODE.raw,
  REPLY_CODE.formatted,
  REPLY_CODE.keypad,
  REPLY_CODE.biometricTemplate,
  REPLY_CODE.biometricScore,
  REPLY_CODE.pivData,
  REPLY_CODE.smartCard,
]);

/** A card, a PIN, a finger or what a smart card said, not inside a secure channel. */
export function isClearCredential(frame: Frame): boolean {
  return frame.block === null && CREDENTIAL_CODES.has(frame.code);
}
