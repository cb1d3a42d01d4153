/** What an alarm of a reader means to a person, and what to do about it. */
export interface ReaderAlarmText {
  /** A few words, for a list. */
  readonly label: string;
  readonly meaning: string;
  readonly remedy: string;
}

export const READER_ALARM_TEXTS = {
  'osdp.mac_mismatch': {
    label: 'forged or broken frame',
    meaning: 'A frame inside the secure channel did not carry the right code. It was not believed.',
    remedy: 'Once is a disturbance. Again and again: look for a device between gateway and reader.',
  },
  'osdp.cleartext_refused': {
    label: 'spoke in clear',
    meaning: 'Something that must be encrypted came in clear, or the reader claims to know no encryption. It was not believed.',
    remedy: 'Look for a device between gateway and reader; check the reader’s firmware.',
  },
  'osdp.key_mismatch': {
    label: 'wrong key',
    meaning: 'The reader does not have the key that is stored for it, and stays off line.',
    remedy: 'Was it exchanged or reset? Then pair it: gatehouse osdp pair. Otherwise look who answers at its address.',
  },
  'osdp.default_key_refused': {
    label: 'forgot its key',
    meaning:
      'The reader, or whoever answers for it, wants the key of the standard, which everybody knows. It is never given one by itself.',
    remedy: 'Look at the reader before you pair it: this is also what somebody who wants its key would do.',
  },
  'osdp.shared_key_refused': {
    label: 'key of another reader',
    meaning: 'Two readers have one key: either could be the other. Both stay off line.',
    remedy: 'Give one of them its own key: gatehouse osdp keyset. The other one then comes back by itself; give it a new key too.',
  },
  'osdp.sequence_anomaly': {
    label: 'replayed or reordered frame',
    meaning: 'A frame came that was not its turn. It was ignored.',
    remedy: 'Once is a disturbance. Again and again: look for a device between gateway and reader.',
  },
  'osdp.identity_changed': {
    label: 'another device',
    meaning: 'The reader says that it is another device than before, or said something else in clear than inside the channel.',
    remedy: 'Was it exchanged? Then give it a new key: gatehouse osdp keyset. Otherwise look who answers.',
  },
  'osdp.firmware_changed': {
    label: 'another firmware',
    meaning: 'The same device runs another program than before.',
    remedy: 'Was it updated? Otherwise take it off the wall and ask its maker.',
  },
  'osdp.address_conflict': {
    label: 'two devices answer',
    meaning: 'Two devices answer at one address.',
    remedy: 'Give one of them another address, or find the one that does not belong there: gatehouse osdp scan.',
  },
  'osdp.mac_failures': {
    label: 'codes being tried',
    meaning: 'Many frames with wrong codes in a short time: somebody guesses. The reader rests for a while.',
    remedy: 'Look for a device between gateway and reader.',
  },
  'osdp.second_master': {
    label: 'somebody else commands',
    meaning: 'There were commands on the line that this gateway did not send.',
    remedy: 'Find the other controller: another gateway, a tool left behind, or an attacker.',
  },
  'osdp.card_rate_exceeded': {
    label: 'too many cards',
    meaning: 'More cards came than hands can show. The rest was dropped.',
    remedy: 'Look at the reader: somebody tries cards, or it is broken.',
  },
  'osdp.keypad_rate_exceeded': {
    label: 'too many keys',
    meaning: 'More keys came than fingers can press. The rest was dropped.',
    remedy: 'Look at the reader: somebody tries PINs, or it is broken.',
  },
  'osdp.status_rate_exceeded': {
    label: 'states flutter',
    meaning: 'Contacts, outputs or tamper of the reader change faster than anything at a door. The newest state is told twice a second.',
    remedy: 'Look at the wires of its inputs: a loose contact, or somebody who wants to hide a change among many.',
  },
  'osdp.stale_read_dropped': {
    label: 'old reads dropped',
    meaning: 'The reader reported cards or keys that it had held back while nobody listened. They may be of any age and were dropped.',
    remedy: 'Nothing, after an outage: badge again. Otherwise look why the reader was not heard.',
  },
  'osdp.card_unusable': {
    label: 'card not readable',
    meaning: 'The reader reports cards in a form from which their bits cannot be told (osdp_FMT, another format, no bits or too many).',
    remedy: 'Set the reader to report cards as raw bits or Wiegand (osdp_RAW, format 0 or 1).',
  },
  'osdp.busy_flood': {
    label: 'always busy',
    meaning: 'The reader, or whoever answers for it, says that it is busy and nothing else.',
    remedy: 'Restart the reader. If it stays so, look for a device between gateway and reader.',
  },
  'osdp.polls_refused': {
    label: 'refuses polls',
    meaning: 'The reader refuses to be polled: no card and no contact of it is heard. If it goes on, the reader is off line.',
    remedy: 'Restart the reader, then update its firmware. It is back with the first poll that it answers.',
  },
  'osdp.reply_stalled': {
    label: 'reply without an end',
    meaning: 'A reply began and did not end while bytes went on, so that the line was held up.',
    remedy: 'Look for a broken reader on the line, or a device between gateway and reader.',
  },
  'osdp.line_noise': {
    label: 'line babbles',
    meaning: 'The line of this reader carries many bytes that are no frames. The alarm is of the line, not of this reader.',
    remedy: 'Check cable, shield, termination and speeds; then take readers off one by one to find who babbles.',
  },
  'osdp.install_window_open': {
    label: 'install window',
    meaning: 'An operator has opened this reader to the key of the standard: whoever answers for it now is given its key.',
    remedy:
      'Nothing, if you are pairing it. Otherwise close it: Stop, on the page of the reader in the console. The log says who opened it and why.',
  },
} as const satisfies Readonly<Record<`osdp.${string}`, ReaderAlarmText>>;
