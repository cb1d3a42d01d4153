/** A condition of the wire that a person must hear about. Same words as the port's; this folder imports nothing from the gateway. */
export type SessionAlarm =
  | 'osdp.mac_mismatch'
  | 'osdp.cleartext_refused'
  | 'osdp.key_mismatch'
  | 'osdp.default_key_refused'
  | 'osdp.sequence_anomaly'
  | 'osdp.identity_changed'
  | 'osdp.firmware_changed'
  | 'osdp.address_conflict'
  | 'osdp.mac_failures'
  | 'osdp.second_master';

/** A condition that goes on: told each time that it shows itself, to whoever counts and says it once. Same words as the port's. */
export type SessionExcess =
  /** osdp_BUSY and nothing else. */
  | 'osdp.busy_flood'
  /** osdp_NAK to one poll after the other: what the reader sees is not heard. */
  | 'osdp.polls_refused'
  /** Reads that may be of any age: held back while nobody listened, or reported after a long silence. */
  | 'osdp.stale_read_dropped'
  /** Bytes that are no frames. Of the line; told of its first reader. */
  | 'osdp.line_noise'
  /** A reply that began and does not end while its bytes go on. */
  | 'osdp.reply_stalled';

/** Same words as the port's OfflineCause. */
export type SessionOfflineCause = 'never_seen' | 'timeout' | 'link_down' | 'secure_channel_failed' | 'polls_refused' | 'stopped';
