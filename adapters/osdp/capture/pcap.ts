/** LINKTYPE_USER15: what libosdp writes and its Wireshark dissector is registered for. */
export const PCAP_LINK_TYPE = 162;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const VERSION = { major: 2, minor: 4 } as const;
export const PCAP_SNAP_LENGTH = 2_048;
const HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
const MICROS_PER_S = 1_000_000;

/** The beginning of a pcap file (libpcap 2.4, little-endian): magic 4, version 2+2, zone 4, accuracy 4, largest record 4, link type 4. */
export function encodePcapHeader(): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  view.setUint16(4, VERSION.major, true);
  view.setUint16(6, VERSION.minor, true);
  view.setUint32(16, PCAP_SNAP_LENGTH, true);
  view.setUint32(20, PCAP_LINK_TYPE, true);
  return bytes;
}

/** One frame: seconds 4, microseconds 4, kept 4, length 4, bytes. Times beyond 2106 do not fit. */
export function encodePcapRecord(epochMs: number, frame: Uint8Array): Uint8Array {
  const micros = Math.round(epochMs * 1_000);
  const kept = Math.min(frame.length, PCAP_SNAP_LENGTH);
  const bytes = new Uint8Array(RECORD_HEADER_LENGTH + kept);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(micros / MICROS_PER_S), true);
  view.setUint32(4, micros % MICROS_PER_S, true);
  view.setUint32(8, kept, true);
  view.setUint32(12, frame.length, true);
  bytes.set(frame.subarray(0, kept), RECORD_HEADER_LENGTH);
  return bytes;
}
