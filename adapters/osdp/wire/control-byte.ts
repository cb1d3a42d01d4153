/** Sequence number of an exchange. 0 starts a connection anew and drops the secure channel. */
export type Sequence = 0 | 1 | 2 | 3;

/** What ends a frame: SIA OSDP Verified allows only the CRC. */
export type CheckKind = 'crc' | 'checksum';

const SEQUENCE_MASK = 0x03;
const CRC_BIT = 0x04;
const SECURITY_BLOCK_BIT = 0x08;

export interface ControlByte {
  readonly sequence: Sequence;
  readonly check: CheckKind;
  readonly hasSecurityBlock: boolean;
}

/** OSDP 2.2 table 2: bits 0-1 sequence, bit 2 CRC, bit 3 security block present. */
export function encodeControlByte(control: ControlByte): number {
  return control.sequence | (control.check === 'crc' ? CRC_BIT : 0) | (control.hasSecurityBlock ? SECURITY_BLOCK_BIT : 0);
}

/** The upper four bits are reserved; they are ignored, as older readers set them. */
export function parseControlByte(byte: number): ControlByte {
  return {
    sequence: toSequence(byte & SEQUENCE_MASK),
    check: byte & CRC_BIT ? 'crc' : 'checksum',
    hasSecurityBlock: (byte & SECURITY_BLOCK_BIT) !== 0,
  };
}

/** 0 -> 1 -> 2 -> 3 -> 1: zero is never reached by counting (OSDP 2.2 clause 5.9). */
export function nextSequence(sequence: Sequence): Sequence {
  return sequence === 3 ? 1 : toSequence(sequence + 1);
}

function toSequence(value: number): Sequence {
  return (value & SEQUENCE_MASK) as Sequence; // two bits are exactly the union
}
