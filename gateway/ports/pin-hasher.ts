import type { PinCost } from '../domain/people/pin.ts';

/** Hashes in progress at the same time: each is tens of milliseconds of a core, and the doors' buses need the other. */
export const PIN_HASHES_AT_ONCE_MAX = 2;
/** Hashes that wait for one of these; more are refused. */
export const PIN_HASHES_WAITING_MAX = 64;

/** Makes a PIN slow to guess, and impossible to guess for whoever has the records without the key store. */
export interface PinHasher {
  /** The cost of new PINs. */
  readonly cost: PinCost;
  /**
   * 32 bytes. Runs beside the caller's thread. `digits` are ASCII and stay the caller's, who zeroes them.
   * @throws request.rate_limited too many wait; secret.unavailable the key that all PINs are mixed with cannot be opened
   */
  hash(digits: Uint8Array, salt: Uint8Array, cost: PinCost): Promise<Uint8Array>;
}
