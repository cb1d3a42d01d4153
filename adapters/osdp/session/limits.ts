/** A PD answers within 200 ms (OSDP 2.2 clause 5.7); wire time comes on top. */
export const REPLY_TIMEOUT_MS = 200;
/** How long a reader that is off line is waited for: it must not cost the others of its line more than 5 % of their polls. */
export const PROBE_TIMEOUT_MS = 40;
/**
 * Identical bytes are sent this often again before the reader counts as gone: the first time at once, then after pauses that grow by this step, so
 * that a reader that died leaves the line to the others. All but the last wait only as long as a probe: a reply that was lost is repeated at once.
 */
export const RETRIES_MAX = 4;
export const RETRY_PAUSE_STEP_MS = 100;
/** A failed reader is looked for at once, then after 250, 500, 800, 800 .. ms: it is back within 1 s of answering. */
export const PROBE_DELAY_MIN_MS = 250;
export const PROBE_DELAY_MAX_MS = 800;
/** A session that held this long has earned an immediate restart again. */
export const STABLE_AFTER_MS = 10_000;
/** osdp_BUSY: when the same bytes are sent again, and how often before the reader counts as gone. */
export const BUSY_DELAY_MS = 20;
export const BUSY_MAX = 100;
/** Commands waiting for one reader. Outputs have places of their own: a full queue of lights must not refuse an unlock. */
export const COMMANDS_MAX = 16;
export const URGENT_COMMANDS_MAX = 4;
/** A command that could not be sent in this time is dropped: a door must not open long after somebody asked. */
export const COMMAND_AGE_MAX_MS = 2_000;
/** A card reported after a longer silence than this may have been shown at any time in it, and is dropped. */
export const CARD_AGE_MAX_MS = 2_000;
/** A reader that has more to say than this keeps nothing back: it talks. It is listened to from there on. */
export const DRAINED_REPLIES_MAX = 64;
/** Longest card the gateway reads. PIV needs 200 bits, a raw 128-byte credential 1024. */
export const CARD_BITS_MAX = 1_024;
/** Typical largest reply, for the wire time that is added to every timeout on a serial line. */
export const REPLY_LENGTH_TYPICAL = 64;
