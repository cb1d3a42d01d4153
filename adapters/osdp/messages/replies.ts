import { keypadEntry, rawCard } from './credential-codecs.ts';
import { blob, emptyBody } from './fields.ts';
import { capabilities, deviceIdentity } from './identity-codecs.ts';
import { clientAnswer, lineSettings, refusal } from './line-codecs.ts';
import { type MessageOf, createMessageTable, row } from './message-table.ts';
import { localStatus, statusList } from './status-codecs.ts';

/** Codes that the session must recognise before it may trust a body. */
export const REPLY_CODE = { nak: 0x41, raw: 0x50, formatted: 0x51, keypad: 0x53, busy: 0x79 } as const;

const rows = {
  ACK: row(0x40, emptyBody),
  NAK: row(REPLY_CODE.nak, refusal),
  PDID: row(0x45, deviceIdentity),
  PDCAP: row(0x46, capabilities),
  LSTATR: row(0x48, localStatus),
  ISTATR: row(0x49, statusList),
  OSTATR: row(0x4a, statusList),
  RSTATR: row(0x4b, statusList),
  RAW: row(REPLY_CODE.raw, rawCard),
  KEYPAD: row(REPLY_CODE.keypad, keypadEntry),
  COM: row(0x54, lineSettings),
  CCRYPT: row(0x76, clientAnswer),
  RMAC_I: row(0x78, blob('rMac', 16)),
  BUSY: row(REPLY_CODE.busy, emptyBody),
};

/** What a PD says. A new reply is one row above and, if its body is new, one codec. */
export type Reply = MessageOf<typeof rows>;

export const replyTable = createMessageTable(rows);
