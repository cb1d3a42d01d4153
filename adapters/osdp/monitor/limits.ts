/** Most keys that a monitor is given: readers of a site may share an address on different lines. Each handshake tries those of its address. */
export const MONITOR_KEYS_MAX = 4_096;
/** Longest description of a body, characters; the rest is cut off. */
export const TEXT_MAX = 240;
/** Bytes of a body shown as hex in words. */
export const TEXT_BYTES_MAX = 32;
/** A frame in the wrong place is an injection or one that was missed. After so many in a row the chain is lost until the next handshake. */
export const CHAIN_FAILURES_MAX = 8;
/** The standard allows 20 ms between characters (OSDP 2.2 clause 5.8); what carries the bytes here may bunch them. */
export const SILENCE_IN_FRAME_MAX_MS = 100;
/** Two sequences that go on side by side for so long are two masters, not one that stumbled. */
export const SECOND_MASTER_WITHIN_MS = 10_000;
