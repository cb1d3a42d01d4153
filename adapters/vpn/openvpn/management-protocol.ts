/*
 * OpenVPN's management protocol (management-notes.txt of 2.6), as far as client authentication needs it. Pure: bytes in, events out.
 */

/** Longest line that is taken, bytes: an environment value of 4 KB is the longest that OpenVPN has. */
export const LINE_BYTES_MAX = 16_384;
/** Environment entries of one notification that are kept; the rest is dropped. */
export const ENV_ENTRIES_MAX = 256;
/** OPTION_PARM_SIZE of OpenVPN, with its closing zero: a longer argument is refused whole. */
export const ARGUMENT_BYTES_MAX = 255;

export type Environment = ReadonlyMap<string, string>;

export type ManagementEvent =
  | { readonly kind: 'connect' | 'reauth'; readonly clientId: number; readonly keyId: number; readonly env: Environment }
  | { readonly kind: 'established' | 'disconnect'; readonly clientId: number; readonly env: Environment }
  /** Answer to a command: one line, or the lines before END. */
  | { readonly kind: 'reply'; readonly isError: boolean; readonly text: string }
  | { readonly kind: 'list_line'; readonly text: string }
  | { readonly kind: 'list_end' };

type Head = Extract<ManagementEvent, { readonly env: Environment }>;

export interface ManagementState {
  /** Bytes of a line that is not complete. */
  readonly rest: Uint8Array;
  /** Nothing is kept of a line that is too long, up to its end. */
  readonly isSkipping: boolean;
  /** A notification whose environment is still coming. */
  readonly head: Head | null;
}

export const INITIAL_STATE: ManagementState = { rest: new Uint8Array(0), isSkipping: false, head: null };

const LINE_FEED = 0x0a;
const utf8 = new TextDecoder();

/** Takes bytes as they come. Whatever they are, it never throws. */
export function step(
  state: ManagementState,
  chunk: Uint8Array,
): { readonly state: ManagementState; readonly events: readonly ManagementEvent[] } {
  const events: ManagementEvent[] = [];
  let { isSkipping, head } = state;
  let rest = Buffer.concat([state.rest, chunk]);
  for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED)) {
    const line = rest.subarray(0, end);
    rest = rest.subarray(end + 1);
    if (isSkipping || line.length > LINE_BYTES_MAX) isSkipping = false;
    else head = take(head, utf8.decode(line).replace(/\r$/, ''), events);
  }
  if (rest.length > LINE_BYTES_MAX) {
    isSkipping = true;
    rest = Buffer.alloc(0);
  }
  return { state: { rest: Uint8Array.from(rest), isSkipping, head }, events };
}

const CLIENT = /^>CLIENT:(CONNECT|REAUTH|ESTABLISHED|DISCONNECT),(\d{1,15})(?:,(\d{1,15}))?$/;

/** One line. Returns the notification that is open after it. */
function take(head: Head | null, line: string, events: ManagementEvent[]): Head | null {
  if (line === '>CLIENT:ENV,END') {
    if (head !== null) events.push(head);
    return null;
  }
  if (line.startsWith('>CLIENT:ENV,')) return head === null ? null : withEntry(head, line.slice('>CLIENT:ENV,'.length));
  const [, name, clientId = '', keyId] = CLIENT.exec(line) ?? [];
  if (name !== undefined) return toHead(name, Number(clientId), keyId === undefined ? null : Number(keyId));
  if (line.startsWith('>')) return head;
  if (line.startsWith('SUCCESS:') || line.startsWith('ERROR:')) {
    events.push({ kind: 'reply', isError: line.startsWith('ERROR:'), text: line.slice(line.indexOf(':') + 1).trim() });
  } else events.push(line === 'END' ? { kind: 'list_end' } : { kind: 'list_line', text: line });
  return head;
}

function withEntry(head: Head, entry: string): Head {
  const equals = entry.indexOf('=');
  if (equals < 1 || head.env.size >= ENV_ENTRIES_MAX) return head;
  return { ...head, env: new Map([...head.env, [entry.slice(0, equals), entry.slice(equals + 1)]]) };
}

function toHead(name: string, clientId: number, keyId: number | null): Head | null {
  const env: Environment = new Map();
  if (name === 'CONNECT' || name === 'REAUTH') {
    return keyId === null ? null : { kind: name === 'CONNECT' ? 'connect' : 'reauth', clientId, keyId, env };
  }
  return { kind: name === 'ESTABLISHED' ? 'established' : 'disconnect', clientId, env };
}

/** In quotes, with what ends a line or the quotes taken out of play, cut to what OpenVPN takes. */
export function encodeArgument(text: string): string {
  let cut = '';
  let bytes = 0;
  // OpenVPN replaces or refuses anything but printable characters in what it shows.
  for (const character of text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')) {
    bytes += Buffer.byteLength(character);
    if (bytes > ARGUMENT_BYTES_MAX) break;
    cut += character;
  }
  return `"${cut.replaceAll(/["\\]/g, '\\$&')}"`;
}

export const encodeAccept = (clientId: number, keyId: number): string => `client-auth-nt ${String(clientId)} ${String(keyId)}\n`;

/** The first text is for the server's log, the second for the person. */
export function encodeDeny(clientId: number, keyId: number, message: string): string {
  return `client-deny ${String(clientId)} ${String(keyId)} "refused" ${encodeArgument(message)}\n`;
}

/** Null when the address is longer than OpenVPN takes. */
export function encodeOpenPage(clientId: number, keyId: number, page: { readonly url: string; readonly timeoutS: number }): string | null {
  const extra = `WEB_AUTH::${page.url}`;
  if (!/^[\x21-\x7e]+$/.test(extra) || /["\\]/.test(extra) || extra.length > ARGUMENT_BYTES_MAX) return null;
  return `client-pending-auth ${String(clientId)} ${String(keyId)} "${extra}" ${String(page.timeoutS)}\n`;
}

/** HALT: the client leaves and does not come back by itself. */
export const encodeKill = (clientId: number): string => `client-kill ${String(clientId)} HALT\n`;

/**
 * Ends every tunnel of the name at once, where `client-kill` gives the client 5 s to leave. Null for a name that OpenVPN would read as an
 * address or cut.
 */
export function encodeKillNow(commonName: string): string | null {
  return commonName.includes(':') || Buffer.byteLength(commonName) > ARGUMENT_BYTES_MAX ? null : `kill ${encodeArgument(commonName)}\n`;
}

/** Tab-separated, with every client's id. */
export const ENCODED_STATUS = 'status 3\n';

export interface ListedClient {
  readonly clientId: number;
  readonly commonName: string;
  readonly userName: string;
  readonly ip: string | null;
  readonly startedAtS: string;
}

/** One line of `status 3`: null for what is no tunnel that is up, hence without an address in it. */
export function parseListedClient(line: string): ListedClient | null {
  const [kind, commonName = '', address = '', inner4 = '', inner6 = '', , , , startedAtS = '', userName = '', clientId = ''] =
    line.split('\t');
  if (kind !== 'CLIENT_LIST' || !/^\d{1,15}$/.test(clientId) || userName === '' || (inner4 === '' && inner6 === '')) return null;
  return { clientId: Number(clientId), commonName, userName, ip: ipOfAddress(address), startedAtS };
}

/** `203.0.113.9:1194`, `tcp4-server:203.0.113.9:1194`, `udp6:[2001:db8::1]:1194`. */
function ipOfAddress(address: string): string | null {
  return /\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(address)?.[1] ?? /(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/.exec(address)?.[1] ?? null;
}
