import type { Command } from '../messages/commands.ts';
import { FILE_TYPE } from '../messages/file-transfer-codecs.ts';
import { IDENTITY_FORM } from '../messages/identity-codecs.ts';
import type { Part } from '../messages/multi-part.ts';
import type { LedControl, LedPattern } from '../messages/output-codecs.ts';
import type { SmartCardCommand } from '../messages/smart-card-command.ts';
import { count, cut, nameOf, printable, seconds, shortHex, toHex } from './words.ts';

type BodyOf<Name extends Command['name']> = Extract<Command, { readonly name: Name }>['body'];

const COLOURS = ['black', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'];
const OUTPUT_ACTIONS = ['unchanged', 'off', 'on', 'off when its timer ends', 'on when its timer ends', 'on for', 'off for'];
const TONES = ['unchanged', 'off', 'on'];
const TEXT_COMMANDS = ['', 'stays', 'stays, wrapped', 'for', 'for, wrapped'];
const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [FILE_TYPE.opaque, 'opaque'],
  [FILE_TYPE.biometricTemplate, 'biometric template'],
  [FILE_TYPE.display, 'display'],
]);
const nothing = (): string => '';

const WORDS: { readonly [Name in Command['name']]: (body: BodyOf<Name>) => string } = {
  POLL: nothing,
  ID: ({ form }) => (form === IDENTITY_FORM.standard ? 'who are you' : 'who are you, in full'),
  CAP: () => 'what can you do',
  LSTAT: () => 'tamper and power?',
  ISTAT: () => 'inputs?',
  OSTAT: () => 'outputs?',
  RSTAT: () => 'readers?',
  OUT: (controls) =>
    controls
      .map(({ output, action, timer100Ms }) => {
        const timer = action >= 5 ? ` ${seconds(timer100Ms)}` : '';
        return `output ${output} ${nameOf(OUTPUT_ACTIONS, action)}${timer}`;
      })
      .join('; '),
  LED: (controls) => controls.map(describeLed).join('; '),
  BUZ: ({ tone, on100Ms, off100Ms, count: times }) =>
    `buzzer ${nameOf(TONES, tone)}, ${seconds(on100Ms)} on, ${seconds(off100Ms)} off, ${times === 0 ? 'until told otherwise' : `${times} x`}`,
  TEXT: ({ text, command, durationS, row, column }) =>
    `"${printable(text)}" at ${row},${column} ${nameOf(TEXT_COMMANDS, command)}${command >= 3 ? ` ${durationS} s` : ''}`,
  RMODE: nothing,
  TDSET: (at) => `clock ${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute}:${at.second}`,
  COMSET: ({ address, baud }) => `address ${address}, ${baud} baud`,
  BIOREAD: ({ type, format, quality }) => `scan type ${type}, format ${format}, quality ${quality}`,
  BIOMATCH: ({ type, template }) => `match type ${type} against a template of ${count(template.length, 'byte')}`,
  KEYSET: ({ kind, key }) => `key type ${kind}, ${count(key.length, 'byte')}`,
  CHLNG: ({ rndA }) => `RND.A ${toHex(rndA)}`,
  SCRYPT: ({ cryptogram }) => `server cryptogram ${toHex(cryptogram)}`,
  ACURXSIZE: ({ size }) => `takes frames of ${count(size, 'byte')}`,
  FILETRANSFER: ({ type, total, offset, data }) =>
    `${FILE_TYPES.get(type) ?? `type ${type}`} file, ${data.length === 0 ? 'how does it go?' : `bytes ${offset}..${offset + data.length - 1} of ${total}`}`,
  MFG: ({ vendor, data }) => `vendor ${toHex(vendor)}: ${shortHex(data)}`,
  XWR: describeSmartCard,
  ABORT: () => 'stop what you are doing',
  PIVDATA: ({ object, element, offset }) => `object ${toHex(object)}, element ${element}, offset ${offset}`,
  GENAUTH: describePart,
  CRAUTH: describePart,
  KEEPACTIVE: ({ durationMs }) => `keep the field up for ${durationMs} ms`,
  PAIR: describePart,
};

/** What stays when a body may not be shown. */
const HIDDEN_WORDS: { readonly [Name in Command['name']]?: (body: BodyOf<Name>) => string } = {
  KEYSET: WORDS.KEYSET,
  BIOMATCH: WORDS.BIOMATCH,
  FILETRANSFER: WORDS.FILETRANSFER,
  GENAUTH: describePart,
  CRAUTH: describePart,
  MFG: ({ vendor, data }) => `vendor ${toHex(vendor)}: ${count(data.length, 'byte')}`,
  XWR: ({ kind }) => kind.replaceAll('_', ' '),
};

/** The body of a command in words. KEYSET's key is in none of them. */
export function describeCommand(command: Command, isHidden: boolean): string {
  const table: { readonly [Name in Command['name']]?: unknown } = isHidden ? HIDDEN_WORDS : WORDS;
  const words = table[command.name] as ((body: unknown) => string) | undefined; // name and body come from the same row
  return cut(words?.(command.body) ?? 'not shown');
}

export function describePart({ total, offset, data }: Part): string {
  return data.length === 0 ? `given up at ${offset} of ${total}` : `bytes ${offset}..${offset + data.length - 1} of ${total}`;
}

function describeLed({ led, temporary, permanent }: LedControl): string {
  const parts = [
    temporary.action === 2 ? `${describePattern(temporary)} for ${seconds(temporary.timer100Ms)}` : '',
    temporary.action === 1 ? 'temporary pattern ends' : '',
    permanent.action === 1 ? describePattern(permanent) : '',
  ];
  return `LED ${led} ${parts.filter((part) => part !== '').join(', then ') || 'unchanged'}`;
}

function describePattern({ on100Ms, off100Ms, onColour, offColour }: LedPattern): string {
  const on = nameOf(COLOURS, onColour);
  return off100Ms === 0 || onColour === offColour ? on : `${on} ${seconds(on100Ms)} / ${nameOf(COLOURS, offColour)} ${seconds(off100Ms)}`;
}

function describeSmartCard(body: SmartCardCommand): string {
  if (body.kind === 'apdu') return `APDU ${shortHex(body.apdu)}`;
  if (body.kind === 'set_mode') return `set mode ${body.mode}`;
  if (body.kind === 'unknown') return `mode ${body.mode} command ${body.command}: ${shortHex(body.data)}`;
  return body.kind.replaceAll('_', ' ');
}
