import { blob, emptyBody } from './fields.ts';
import { replyForm } from './identity-codecs.ts';
import { keySetting, lineSettings } from './line-codecs.ts';
import { type MessageOf, createMessageTable, row } from './message-table.ts';
import { buzzerControl, ledControls, outputControls, textControl } from './output-codecs.ts';

const rows = {
  POLL: row(0x60, emptyBody),
  ID: row(0x61, replyForm),
  CAP: row(0x62, replyForm),
  LSTAT: row(0x64, emptyBody),
  ISTAT: row(0x65, emptyBody),
  OSTAT: row(0x66, emptyBody),
  RSTAT: row(0x67, emptyBody),
  OUT: row(0x68, outputControls),
  LED: row(0x69, ledControls),
  BUZ: row(0x6a, buzzerControl),
  TEXT: row(0x6b, textControl),
  COMSET: row(0x6e, lineSettings),
  KEYSET: row(0x75, keySetting),
  CHLNG: row(0x76, blob('rndA', 8)),
  SCRYPT: row(0x77, blob('cryptogram', 16)),
};

/** What an ACU says. A new command is one row above and, if its body is new, one codec. */
export type Command = MessageOf<typeof rows>;

export const commandTable = createMessageTable(rows);
