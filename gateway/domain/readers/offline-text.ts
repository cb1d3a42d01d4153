/** Why a reader is off line, to a person, and what to do about it. */
export interface OfflineText {
  readonly label: string;
  readonly remedy: string;
}

export const OFFLINE_TEXTS = {
  never_seen: {
    label: 'never answered',
    remedy: 'Check its power, cable, address and speed. gatehouse osdp scan finds what is on the line.',
  },
  timeout: {
    label: 'stopped answering',
    remedy: 'Check its power and cable. If others of its line do not answer either, it is the line. It is found again by itself.',
  },
  link_down: {
    label: 'its line is down',
    remedy: 'Check the serial server or adapter of this line, and that nobody else uses it. It is opened again by itself.',
  },
  secure_channel_failed: {
    label: 'no secure channel',
    remedy: 'Its key does not fit, or it will not encrypt: the alarms below say which. A new or reset reader is paired.',
  },
  polls_refused: {
    label: 'refuses to be polled',
    remedy: 'It opens a channel and then refuses to be asked. Restart it; if it stays so, update its firmware.',
  },
  stopped: { label: 'stopped', remedy: 'The door controller has stopped this line.' },
} as const satisfies Readonly<Record<string, OfflineText>>;
