import { byteOf, copyOf, readByte, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';
import { type PinEntry, pinEntry } from './pin-entry.ts';

/** Transparent mode of osdp_XWR and osdp_XRD: 0 the reader reads cards by itself, 1 the ACU talks to the card. */
export const SMART_CARD_MODE = { reader: 0, transparent: 1 } as const;

/** osdp_XWR: mode 1, command 1, data. A pair that is not known is kept as it came. */
export type SmartCardCommand =
  | { readonly kind: 'get_mode' }
  | { readonly kind: 'set_mode'; readonly mode: number; readonly configuration: number }
  | { readonly kind: 'apdu'; readonly reader: number; readonly apdu: Uint8Array }
  | { readonly kind: 'end'; readonly reader: number }
  | ({ readonly kind: 'enter_pin'; readonly reader: number } & PinEntry)
  | { readonly kind: 'scan'; readonly reader: number }
  | { readonly kind: 'unknown'; readonly mode: number; readonly command: number; readonly data: Uint8Array };

const HEADER_LENGTH = 2;
const KNOWN: ReadonlySet<number> = new Set([0x0001, 0x0002, 0x0101, 0x0102, 0x0103, 0x0104]);

export const smartCardCommand: BodyCodec<SmartCardCommand> = {
  encode(body) {
    switch (body.kind) {
      case 'get_mode':
        return Uint8Array.of(0, 1);
      case 'set_mode':
        return Uint8Array.of(0, 2, byteOf(body.mode, 'mode'), byteOf(body.configuration, 'configuration'));
      case 'apdu':
        return withTail([1, 1, byteOf(body.reader, 'reader')], body.apdu);
      case 'end':
        return Uint8Array.of(1, 2, byteOf(body.reader, 'reader'));
      case 'enter_pin':
        return withTail([1, 3, byteOf(body.reader, 'reader')], pinEntry.encode(body));
      case 'scan':
        return Uint8Array.of(1, 4, byteOf(body.reader, 'reader'));
      case 'unknown': {
        const head = [byteOf(body.mode, 'mode'), byteOf(body.command, 'command')];
        if (KNOWN.has((body.mode << 8) | body.command)) throw new TypeError('this command has a name');
        return withTail(head, body.data);
      }
    }
  },
  parse(data) {
    if (data.length < HEADER_LENGTH) return null;
    const [mode, command] = [readByte(data, 0), readByte(data, 1)];
    const rest = data.subarray(HEADER_LENGTH);
    return KNOWN.has((mode << 8) | command) ? parseKnown(mode, command, rest) : { kind: 'unknown', mode, command, data: copyOf(rest) };
  },
};

function parseKnown(mode: number, command: number, data: Uint8Array): SmartCardCommand | null {
  if (mode === SMART_CARD_MODE.reader) {
    if (command === 1) return data.length === 0 ? { kind: 'get_mode' } : null;
    return data.length === 2 ? { kind: 'set_mode', mode: readByte(data, 0), configuration: readByte(data, 1) } : null;
  }
  if (data.length === 0) return null;
  const reader = readByte(data, 0);
  if (command === 1) return { kind: 'apdu', reader, apdu: copyOf(data, 1) };
  if (command === 3) {
    const entry = pinEntry.parse(data.subarray(1));
    return entry === null ? null : { kind: 'enter_pin', reader, ...entry };
  }
  if (data.length !== 1) return null;
  return command === 2 ? { kind: 'end', reader } : { kind: 'scan', reader };
}
