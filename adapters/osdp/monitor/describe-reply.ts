import { RAW_FORMAT } from '../messages/credential-codecs.ts';
import { CAPABILITY, type DeviceIdentity } from '../messages/identity-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import type { SmartCardReply } from '../messages/smart-card-reply.ts';
import { describePart } from './describe-command.ts';
import { count, cut, nameOf, printable, shortHex, toHex } from './words.ts';

type BodyOf<Name extends Reply['name']> = Extract<Reply, { readonly name: Name }>['body'];

const INPUT_STATES = ['inactive', 'active', 'short', 'open', 'fault', 'unknown'];
const READER_STATES = ['normal', 'not connected', 'tampered'];
const CAPABILITIES: ReadonlyMap<number, string> = new Map(Object.entries(CAPABILITY).map(([name, code]) => [code, name]));
const RAW_FORMATS: ReadonlyMap<number, string> = new Map(Object.entries(RAW_FORMAT).map(([name, code]) => [code, name]));
const KEY_STAR = 0x7f;
const KEY_HASH = 0x0d;

/** OSDP 2.2 table 47. */
const NAK_WORDS: ReadonlyMap<number, string> = new Map([
  [1, 'wrong check'],
  [2, 'wrong length'],
  [3, 'unknown command'],
  [4, 'wrong sequence'],
  [5, 'security block not supported'],
  [6, 'encryption required'],
  [7, 'biometric type not supported'],
  [8, 'biometric format not supported'],
  [9, 'record refused'],
  [0xff, 'unspecified'],
]);
const nothing = (): string => '';
const listed = (states: readonly number[], names: readonly string[]): string =>
  states.map((state, index) => `${index} ${nameOf(names, state)}`).join(', ');

const WORDS: { readonly [Name in Reply['name']]: (body: BodyOf<Name>) => string } = {
  ACK: nothing,
  NAK: ({ code, detail }) => `${NAK_WORDS.get(code) ?? 'unknown reason'} (${code})${detail.length > 0 ? `, ${shortHex(detail)}` : ''}`,
  PDID: describeIdentity,
  PDCAP: (entries) =>
    entries.map((entry) => `${CAPABILITIES.get(entry.function) ?? entry.function} ${entry.compliance}/${entry.count}`).join(', '),
  LSTATR: ({ tampered, powerFailed }) => `${tampered ? 'tampered' : 'not tampered'}, power ${powerFailed ? 'failed' : 'good'}`,
  ISTATR: ({ states }) => `inputs ${listed(states, INPUT_STATES)}`,
  OSTATR: ({ states }) => `outputs ${listed(states, ['off', 'on'])}`,
  RSTATR: ({ states }) => `readers ${listed(states, READER_STATES)}`,
  RAW: ({ format, bitCount, bits }) => `card ${RAW_FORMATS.get(format) ?? format}, ${bitCount} bits ${shortHex(bits)}`,
  FMT: ({ digits }) => `card "${printable(digits)}"`,
  KEYPAD: ({ keys }) => `keys ${Array.from(keys, toKey).join('')}`,
  COM: ({ address, baud }) => `address ${address}, ${baud} baud`,
  BIOREADR: ({ status, type, quality, template }) => `status ${status}, type ${type}, quality ${quality}, template ${shortHex(template)}`,
  BIOMATCHR: ({ status, score }) => `status ${status}, score ${score} of 255`,
  EXT_PDID: describePart,
  CCRYPT: ({ clientId, rndB, cryptogram }) => `cUID ${toHex(clientId)}, RND.B ${toHex(rndB)}, client cryptogram ${toHex(cryptogram)}`,
  RMAC_I: ({ rMac }) => `first reply MAC ${toHex(rMac)}`,
  BUSY: () => 'ask again',
  FTSTAT: ({ status, delayMs, messageMax }) =>
    `status ${status}${delayMs > 0 ? `, wait ${delayMs} ms` : ''}${messageMax > 0 ? `, at most ${count(messageMax, 'byte')}` : ''}`,
  PIVDATAR: describePart,
  GENAUTHR: describePart,
  CRAUTHR: describePart,
  MFGSTATR: ({ data }) => shortHex(data),
  MFGERRR: ({ data }) => shortHex(data),
  PAIRR: describePart,
  MFGREP: ({ vendor, data }) => `vendor ${toHex(vendor)}: ${shortHex(data)}`,
  XRD: describeSmartCard,
};

/** What stays when a body may not be shown: that there was a card, and of how many bits. */
const HIDDEN_WORDS: { readonly [Name in Reply['name']]?: (body: BodyOf<Name>) => string } = {
  RAW: ({ format, bitCount }) => `card ${RAW_FORMATS.get(format) ?? format}, ${bitCount} bits, number not shown`,
  FMT: ({ digits }) => `card of ${count(digits.length, 'digit')}, not shown`,
  // Not how many: the length of a PIN is part of it.
  KEYPAD: () => 'keys, not shown',
  BIOREADR: ({ status, type, quality }) => `status ${status}, type ${type}, quality ${quality}, template not shown`,
  PIVDATAR: describePart,
  GENAUTHR: describePart,
  CRAUTHR: describePart,
  MFGSTATR: ({ data }) => `${count(data.length, 'byte')}, not shown`,
  MFGERRR: ({ data }) => `${count(data.length, 'byte')}, not shown`,
  MFGREP: ({ vendor, data }) => `vendor ${toHex(vendor)}: ${count(data.length, 'byte')}, not shown`,
  XRD: ({ kind }) => `${kind.replaceAll('_', ' ')}, not shown`,
};

/** The body of a reply in words. */
export function describeReply(reply: Reply, isHidden: boolean): string {
  const table: { readonly [Name in Reply['name']]?: unknown } = isHidden ? HIDDEN_WORDS : WORDS;
  const words = table[reply.name] as ((body: unknown) => string) | undefined; // name and body come from the same row
  return cut(words?.(reply.body) ?? 'not shown');
}

export function describeIdentity({ vendor, model, version, serial, firmware }: DeviceIdentity): string {
  return `vendor ${toHex(vendor)}, model ${model}.${version}, serial ${toHex(serial)}, firmware ${firmware.join('.')}`;
}

function toKey(code: number): string {
  if (code === KEY_STAR) return '*';
  return code === KEY_HASH ? '#' : printable(Uint8Array.of(code));
}

function describeSmartCard(body: SmartCardReply): string {
  switch (body.kind) {
    case 'mode':
      return `mode ${body.mode}`;
    case 'card_info':
      return `card, protocol ${body.protocol}, serial ${shortHex(body.serial)}`;
    case 'error':
      return `error ${body.code}`;
    case 'presence':
      return `card ${body.status === null ? 'present' : nameOf(['absent', 'present', 'contactless', 'contact'], body.status)}`;
    case 'apdu':
      return `APDU ${shortHex(body.apdu)}`;
    case 'pin_entered':
      return `PIN entered, status ${body.status}, ${body.tries} tries left`;
    case 'unknown':
      return `mode ${body.mode} reply ${body.reply}: ${shortHex(body.data)}`;
  }
}
