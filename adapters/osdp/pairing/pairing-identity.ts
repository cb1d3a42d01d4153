/** Who one end is: its certificate, and the use of the key in it. The key itself may be anywhere. */
export interface PairingIdentity {
  readonly certificate: Uint8Array;
  /** ML-DSA-44. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}
