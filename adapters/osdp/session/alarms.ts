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

/** Same words as the port's OfflineCause. */
export type SessionOfflineCause = 'never_seen' | 'timeout' | 'link_down' | 'secure_channel_failed' | 'stopped';
