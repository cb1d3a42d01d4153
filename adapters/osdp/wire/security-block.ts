/** Security block types of secure channel 1 (OSDP 2.2 annex D). Odd: sent by the ACU; even: sent by the PD. */
export const SCS = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialRMac: 0x14,
  commandMac: 0x15,
  replyMac: 0x16,
  commandEncrypted: 0x17,
  replyEncrypted: 0x18,
} as const;

/**
 * Security block types of secure channel 2 (draft). The first four carry the handshake; the others end in a tag of 16 bytes. Under the last two the
 * code is ciphertext as well.
 */
export const SCS2 = {
  challenge: 0x21,
  clientCryptogram: 0x22,
  serverCryptogram: 0x23,
  result: 0x24,
  commandTag: 0x25,
  replyTag: 0x26,
  commandEncrypted: 0x27,
  replyEncrypted: 0x28,
} as const;

/** Which key the handshake uses: the first data byte of SCS_11 to SCS_13, and of SCS_21 to SCS_23. */
export const KEY_KIND = { scbkD: 0x00, scbk: 0x01, scbk2: 0x02 } as const;

/** The data byte of SCS_14. */
export const HANDSHAKE_RESULT = { ok: 0x01, failed: 0xff } as const;

/** `type` is kept raw: an unknown type must reach the session, which refuses it. */
export interface SecurityBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

export const SECURITY_BLOCK_LENGTH_MIN = 2;
export const MAC_LENGTH = 4;

export const TAG_LENGTH = 16;

/** SCS_15 to SCS_18 end in four bytes of MAC, before the check. */
export function hasMac(type: number): boolean {
  return type >= SCS.commandMac && type <= SCS.replyEncrypted;
}

/** Bytes between a frame's data and its check: the MAC of secure channel 1, the tag of secure channel 2, or none. */
export function macLength(type: number): number {
  if (hasMac(type)) return MAC_LENGTH;
  return type >= SCS2.commandTag && type <= SCS2.replyEncrypted ? TAG_LENGTH : 0;
}
