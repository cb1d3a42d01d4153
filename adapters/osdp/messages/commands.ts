import { biometricMatch, biometricScan } from './biometric-codecs.ts';
import { blob, emptyBody } from './fields.ts';
import { fileFragment } from './file-transfer-codecs.ts';
import { replyForm } from './identity-codecs.ts';
import { keySetting, lineSettings } from './line-codecs.ts';
import { manufacturerMessage } from './manufacturer-codecs.ts';
import { type MessageOf, createMessageTable, row } from './message-table.ts';
import { part } from './multi-part.ts';
import { buzzerControl, ledControls, outputControls, textControl } from './output-codecs.ts';
import { challengePart, pivQuery } from './piv-codecs.ts';
import { keepActive, receiveSize, wallClock } from './setting-codecs.ts';
import { smartCardCommand } from './smart-card-command.ts';

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
  RMODE: row(0x6c, emptyBody),
  TDSET: row(0x6d, wallClock),
  COMSET: row(0x6e, lineSettings),
  BIOREAD: row(0x73, biometricScan),
  BIOMATCH: row(0x74, biometricMatch),
  KEYSET: row(0x75, keySetting),
  CHLNG: row(0x76, blob('rndA', 8)),
  SCRYPT: row(0x77, blob('cryptogram', 16)),
  ACURXSIZE: row(0x7b, receiveSize),
  FILETRANSFER: row(0x7c, fileFragment),
  MFG: row(0x80, manufacturerMessage),
  XWR: row(0xa1, smartCardCommand),
  ABORT: row(0xa2, emptyBody),
  PIVDATA: row(0xa3, pivQuery),
  GENAUTH: row(0xa4, challengePart),
  CRAUTH: row(0xa5, challengePart),
  KEEPACTIVE: row(0xa7, keepActive),
  PAIR: row(0xb0, part),
};

/** What an ACU says. A new command is one row above and, if its body is new, one codec. */
export type Command = MessageOf<typeof rows>;

export const commandTable = createMessageTable(rows);
