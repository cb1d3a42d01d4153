import { byteOf, copyOf, listOf, readByte, readUint16, uint16Of } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** Control codes of osdp_OUT (OSDP 2.2 table 17). */
export const OUTPUT_ACTION = {
  none: 0,
  offAbortTimer: 1,
  onAbortTimer: 2,
  offAfterTimer: 3,
  onAfterTimer: 4,
  onForTime: 5,
  offForTime: 6,
} as const;

/** osdp_OUT: output 1, action 1, timer LE16 in units of 100 ms. */
export interface OutputControl {
  readonly output: number;
  readonly action: number;
  readonly timer100Ms: number;
}

export const outputControls: BodyCodec<readonly OutputControl[]> = listOf(
  4,
  (control) => [byteOf(control.output, 'output'), byteOf(control.action, 'action'), ...uint16Of(control.timer100Ms, 'timer')],
  (data) => ({ output: readByte(data, 0), action: readByte(data, 1), timer100Ms: readUint16(data, 2) }),
);

export const COLOUR = { black: 0, red: 1, green: 2, amber: 3, blue: 4, magenta: 5, cyan: 6, white: 7 } as const;
export const LED_TEMPORARY = { none: 0, cancel: 1, set: 2 } as const;
export const LED_PERMANENT = { none: 0, set: 1 } as const;

/** Two colours in turn; times in units of 100 ms. */
export interface LedPattern {
  readonly action: number;
  readonly on100Ms: number;
  readonly off100Ms: number;
  readonly onColour: number;
  readonly offColour: number;
}

/** osdp_LED: reader 1, led 1, temporary (action, on, off, on colour, off colour, timer LE16), permanent (the same without timer). */
export interface LedControl {
  readonly reader: number;
  readonly led: number;
  readonly temporary: LedPattern & { readonly timer100Ms: number };
  readonly permanent: LedPattern;
}

export const ledControls: BodyCodec<readonly LedControl[]> = listOf(
  14,
  (control) => [
    byteOf(control.reader, 'reader'),
    byteOf(control.led, 'led'),
    ...patternBytes(control.temporary),
    ...uint16Of(control.temporary.timer100Ms, 'timer'),
    ...patternBytes(control.permanent),
  ],
  (data) => ({
    reader: readByte(data, 0),
    led: readByte(data, 1),
    temporary: { ...readPattern(data, 2), timer100Ms: readUint16(data, 7) },
    permanent: readPattern(data, 9),
  }),
);

export const BUZZER_TONE = { none: 0, off: 1, standard: 2 } as const;

/** osdp_BUZ: reader 1, tone 1, on 1, off 1 (units of 100 ms), count 1 (0 = until told otherwise). */
export interface BuzzerControl {
  readonly reader: number;
  readonly tone: number;
  readonly on100Ms: number;
  readonly off100Ms: number;
  readonly count: number;
}

export const buzzerControl: BodyCodec<BuzzerControl> = {
  encode: (body) =>
    Uint8Array.of(
      byteOf(body.reader, 'reader'),
      byteOf(body.tone, 'tone'),
      byteOf(body.on100Ms, 'on'),
      byteOf(body.off100Ms, 'off'),
      byteOf(body.count, 'count'),
    ),
  parse(data) {
    if (data.length !== 5) return null;
    return {
      reader: readByte(data, 0),
      tone: readByte(data, 1),
      on100Ms: readByte(data, 2),
      off100Ms: readByte(data, 3),
      count: readByte(data, 4),
    };
  },
};

/** Without wrapping (OSDP 2.2 table 23). */
export const TEXT_COMMAND = { permanent: 1, temporary: 3 } as const;
const TEXT_HEADER_LENGTH = 6;

/** osdp_TEXT: reader 1, command 1, seconds 1, row 1, column 1, length 1, text (ASCII). */
export interface TextControl {
  readonly reader: number;
  readonly command: number;
  readonly durationS: number;
  readonly row: number;
  readonly column: number;
  readonly text: Uint8Array;
}

export const textControl: BodyCodec<TextControl> = {
  encode: (body) =>
    Uint8Array.of(
      byteOf(body.reader, 'reader'),
      byteOf(body.command, 'command'),
      byteOf(body.durationS, 'duration'),
      byteOf(body.row, 'row'),
      byteOf(body.column, 'column'),
      byteOf(body.text.length, 'text length'),
      ...body.text,
    ),
  parse(data) {
    if (data.length < TEXT_HEADER_LENGTH || data.length !== TEXT_HEADER_LENGTH + readByte(data, 5)) return null;
    return {
      reader: readByte(data, 0),
      command: readByte(data, 1),
      durationS: readByte(data, 2),
      row: readByte(data, 3),
      column: readByte(data, 4),
      text: copyOf(data, TEXT_HEADER_LENGTH),
    };
  },
};

function patternBytes(pattern: LedPattern): readonly number[] {
  return [
    byteOf(pattern.action, 'action'),
    byteOf(pattern.on100Ms, 'on'),
    byteOf(pattern.off100Ms, 'off'),
    byteOf(pattern.onColour, 'on colour'),
    byteOf(pattern.offColour, 'off colour'),
  ];
}

function readPattern(data: Uint8Array, at: number): LedPattern {
  return {
    action: readByte(data, at),
    on100Ms: readByte(data, at + 1),
    off100Ms: readByte(data, at + 2),
    onColour: readByte(data, at + 3),
    offColour: readByte(data, at + 4),
  };
}
