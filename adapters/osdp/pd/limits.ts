/** OSDP 2.2 clause D.6: a channel that was not used for this long is gone. */
export const CHANNEL_IDLE_MAX_MS = 8_000;
/** What an ACU can take before it has said anything else with osdp_ACURXSIZE (OSDP 2.2 clause 5.6). */
export const ACU_RECEIVE_MIN = 128;
/** Parts of one reply that may wait to be fetched: 64 kB in the smallest fragments. */
export const OUTGOING_PARTS_MAX = 1_024;
