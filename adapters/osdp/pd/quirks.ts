/** What real readers do wrong, to try controllers with. None by default. */
export interface PdQuirks {
  /** osdp_KEYSET inside the channel is answered with an osdp_ACK in clear, as some HID readers do. */
  readonly acknowledgesKeysetInClear?: boolean;
  /** osdp_ID is not answered before an osdp_POLL was heard. */
  readonly needsPollBeforeId?: boolean;
  /** Every osdp_NAK is in clear, although the channel stands. */
  readonly refusesInClear?: boolean;
  /** osdp_MFG is answered in clear, inside a channel too, with a NAK whose code is not in the standard: 0x42 and two bytes. */
  readonly refusesVendorOddly?: boolean;
  /** osdp_CCRYPT names the other kind of key in its security block. */
  readonly echoesWrongKeyKind?: boolean;
  /** Every reply carries sequence 0. */
  readonly repliesWithSequenceZero?: boolean;
  /** Polls are answered with osdp_ISTATR whenever there is nothing else to say. */
  readonly reportsInputsUnasked?: boolean;
  /** After so long without a command it is found at this address, as a reader that takes silence for a wrong setting. */
  readonly fallsBackTo?: { readonly address: number; readonly afterMs: number };
  /** Bytes that are no frame, before and behind every reply. */
  readonly leadingNoise?: Uint8Array;
  readonly trailingNoise?: Uint8Array;
  /** Every reply leaves so much later. */
  readonly answersLateMs?: number;
}
