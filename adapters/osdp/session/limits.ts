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
/** A late reply has its reader looked for at once, with the full time to answer, and so does the next one only after this: a twentieth of the line. */
export const LATE_REPLY_PAUSE_MS = 4_000;
/** A session that held this long has earned an immediate restart again. */
export const STABLE_AFTER_MS = 10_000;
/** osdp_BUSY: when the same bytes are sent again, and how often before the reader counts as gone. */
export const BUSY_DELAY_MS = 20;
export const BUSY_MAX = 100;
/**
 * A busy reader says so for a while. This many more than leak away are a flood: 100 at once, or ten a second for long. A single BUSY_MAX is no flood, and
 * its end is the reader's being off line.
 */
export const BUSY_FLOOD = { max: 100, leakPerS: 10 } as const;
/** Polls in a row that a reader may refuse: the next one is an alarm, and after the second limit it is no reader that is on line. */
export const POLL_NAKS_MAX = 5;
export const POLL_NAKS_ONLINE_MAX = 40;
/** Commands waiting for one reader. Outputs have places of their own: a full queue of lights must not refuse an unlock. */
export const COMMANDS_MAX = 16;
export const URGENT_COMMANDS_MAX = 4;
/** A command that could not be sent in this time is dropped: a door must not open long after somebody asked. */
export const COMMAND_AGE_MAX_MS = 2_000;
/** A card reported after a longer silence than this may have been shown at any time in it, and is dropped. */
export const CARD_AGE_MAX_MS = 2_000;
/**
 * A reader that has said more than this, and no card or key among it, keeps nothing back: it talks. It is listened to from there on. One that goes on with
 * cards is not: which of them is the first new one cannot be told.
 */
export const DRAINED_REPLIES_MAX = 64;
/** Longest card the gateway reads. PIV needs 200 bits, a raw 128-byte credential 1024. */
export const CARD_BITS_MAX = 1_024;
/** Typical largest reply, for the wire time that is added to every timeout on a serial line. */
export const REPLY_LENGTH_TYPICAL = 64;
/** PIV and biometrics: how long the reader may take until it answers (libosdp has the same limit). */
export const LONG_OPERATION_MAX_MS = 10_000;
/** A reply in parts that has begun is held for so long, whether a command or a poll began it. */
export const PARTS_HELD_MAX_MS = LONG_OPERATION_MAX_MS;
/** The frame that every reader accepts (OSDP 2.2 clause 5.6). */
export const RECEIVE_BUFFER_MIN = 128;
/** A file is no longer than this: firmware and pictures of readers are smaller, and it is held in memory. */
export const FILE_LENGTH_MAX = 16 * 1024 * 1024;
/** A transfer starts again at its first byte after a lost session, this often in all. */
export const TRANSFER_ATTEMPTS_MAX = 3;
/** Fragments that were refused or answered with something else, in one attempt. */
export const TRANSFER_FAULTS_MAX = 10;
/** A reader that has the whole file and is still busy with it is asked at this pace and for so long. */
export const FINISHING_POLL_MS = 200;
export const FINISHING_MAX_MS = 60_000;
/** No reader needs a longer pause between fragments; one that asks for it is not waited for longer. */
export const TRANSFER_DELAY_MAX_MS = 10_000;
/** A reader that has taken nothing of a file for so long will not take it. */
export const TRANSFER_STALL_MAX_MS = 60_000;
/** How long a key change may stay unsettled: the reader has one of two keys and nobody knows which. */
export const KEY_SETTLE_MAX_MS = 60_000;
/** The longest an operator can leave a reader open to SCBK-D. */
export const INSTALL_WINDOW_MAX_MS = 10 * 60_000;
/** One message of a pairing and its answer: up to 8 kB each way in parts, beside 31 other readers at 9600 baud. */
export const PAIRING_MESSAGE_MAX_MS = 120_000;
/** Bytes of a pairing message in one part: its frame is one that every reader takes. */
export const PAIRING_FRAGMENT_LENGTH = RECEIVE_BUFFER_MIN - 14;
/** Between polls for the answer to a pairing message: the reader computes. */
export const PAIRING_POLL_MS = 10;
/** Handshakes with the two keys of an installation until it counts as failed. */
export const INSTALL_TRIES_MAX = 6;
/** After osdp_COMSET the reader is looked for under its new settings for this long, then under the old ones for as long. */
export const LINE_TRIAL_MS = 5_000;
/** A channel lives no longer than this, and carries no more exchanges: its MAC has 32 bits. */
export const REKEY_AFTER_MS = 24 * 60 * 60_000;
export const REKEY_AFTER_EXCHANGES = 2 ** 20;
/** So many frames with a wrong MAC in this time are somebody who tries them; the reader then rests for the back-off. */
export const MAC_FAILURES_MAX = 8;
export const MAC_FAILURE_WINDOW_MS = 60_000;
export const MAC_BACKOFF_MS = 5_000;
/** So many channels that a NAK in clear ended in this time are no restarts of the reader. */
export const CLEAR_NAKS_MAX = 4;
export const CLEAR_NAK_WINDOW_MS = 60_000;
/** A reply that was asked for again may come a second time, much later; the last few of them are told from forged ones by their bytes. */
export const REPEATED_REPLIES_MAX = 4;
/** How long a second reply to a repeated command may be on its way. */
export const OWED_REPLIES_MAX_MS = 1_000;
/** A second reply to the same command this soon after the first is a second device. */
export const CONFLICT_WINDOW_MS = 200;
/** A device that changes again within this time is two devices. */
export const FLAPPING_WINDOW_MS = 10 * 60_000;
/** What a reader that stays on line was the cause of is raised again when it shows after this time. */
export const ALARM_ONCE_MS = 10 * 60_000;
/** osdp_KEEPACTIVE holds the card for so long and is repeated after half of it. */
export const KEEP_ACTIVE_MS = 2_000;
