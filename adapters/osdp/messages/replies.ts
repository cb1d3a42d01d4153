import { biometricScore, biometricTemplate } from './biometric-codecs.ts';
import { formattedCard, keypadEntry, rawCard } from './credential-codecs.ts';
import { anyBytes, blob, emptyBody } from './fields.ts';
import { transferStatus } from './file-transfer-codecs.ts';
import { capabilities, deviceIdentity } from './identity-codecs.ts';
import { clientAnswer, lineSettings, refusal } from './line-codecs.ts';
import { manufacturerMessage } from './manufacturer-codecs.ts';
import { type MessageOf, createMessageTable, row } from './message-table.ts';
import { part } from './multi-part.ts';
import { smartCardReply } from './smart-card-reply.ts';
import { localStatus, statusList } from './status-codecs.ts';

/** Codes that the session must recognise before it may trust a body. */
export const REPLY_CODE = {
  nak: 0x41,
  raw: 0x50,
  formatted: 0x51,
  keypad: 0x53,
  biometricTemplate: 0x57,
  biometricScore: 0x58,
  busy: 0x79,
  pivData: 0x80,
  smartCard: 0xb1,
} as const;

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
  FMT: row(REPLY_CODE.formatted, formattedCard),
  KEYPAD: row(REPLY_CODE.keypad, keypadEntry),
  COM: row(0x54, lineSettings),
  BIOREADR: row(REPLY_CODE.biometricTemplate, biometricTemplate),
  BIOMATCHR: row(REPLY_CODE.biometricScore, biometricScore),
  /** The parts make up `extendedIdentity`. */
  EXT_PDID: row(0x59, part),
  CCRYPT: row(0x76, clientAnswer),
  RMAC_I: row(0x78, blob('rMac', 16)),
  BUSY: row(REPLY_CODE.busy, emptyBody),
  FTSTAT: row(0x7a, transferStatus),
  PIVDATAR: row(REPLY_CODE.pivData, part),
  GENAUTHR: row(0x81, part),
  CRAUTHR: row(0x82, part),
  MFGSTATR: row(0x83, anyBytes('data')),
  MFGERRR: row(0x84, anyBytes('data')),
  PAIRR: row(0x8a, part),
  MFGREP: row(0x90, manufacturerMessage),
  XRD: row(REPLY_CODE.smartCard, smartCardReply),
};

/** What a PD says. A new reply is one row above and, if its body is new, one codec. */
export type Reply = MessageOf<typeof rows>;

export const replyTable = createMessageTable(rows);
