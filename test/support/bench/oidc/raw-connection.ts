import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; of several of one name, all of them. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export interface RawRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';

/** A server closes what was idle for five seconds, as between two slices; what is sent at that very moment is lost. */
const IDLE_MS_MAX = 2_000;

interface Pending {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (failure: Error) => void;
}

/**
 * One kept connection over which one request after the other is sent. A client for load only: it knows no more of HTTP/1.1 than the two
 * servers speak, because what it costs is taken from the machine that is measured.
 */
export class RawConnection {
  readonly #url: string;
  #socket: Socket;
  #received = '';
  #usedAtMs = performance.now();
  #pending: Pending | null = null;

  private constructor(url: string, socket: Socket) {
    this.#url = url;
    this.#socket = this.#use(socket);
  }

  static async open(url: string): Promise<RawConnection> {
    return new RawConnection(url, await openSocket(url));
  }

  async send({ body = '', headers = {}, method, path }: RawRequest): Promise<RawAnswer> {
    if (this.#pending !== null) throw new TypeError('the answer before is still awaited');
    const idleMs = performance.now() - this.#usedAtMs;
    if (idleMs > IDLE_MS_MAX || this.#socket.destroyed || this.#socket.readyState !== 'open') {
      this.#socket.destroy();
      this.#socket = this.#use(await openSocket(this.#url));
    }
    this.#usedAtMs = performance.now();
    let text = `${method} ${path} HTTP/1.1${LINE_END}host: ${new URL(this.#url).host}${LINE_END}`;
    for (const [name, value] of Object.entries(headers)) text += `${name}: ${value}${LINE_END}`;
    if (method === 'POST') text += `content-length: ${String(Buffer.byteLength(body))}${LINE_END}`;
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(`${text}${LINE_END}${body}`);
    });
  }

  close(): void {
    this.#pending = null;
    this.#socket.destroy();
  }

  #use(socket: Socket): Socket {
    this.#received = '';
    // Headers and JSON of both servers are ASCII.
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#receive(text));
    // One that was given up says nothing about its successor's request.
    const fail = (failure: Error): void => void (this.#socket === socket && this.#fail(failure));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the server has closed the connection')));
    return socket;
  }

  #receive(text: string): void {
    this.#received += text;
    const parsed = parseAnswer(this.#received);
    if (parsed === null) return;
    this.#received = this.#received.slice(parsed.lengthChars);
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(parsed.answer);
  }

  #fail(failure: Error): void {
    this.#pending?.reject(failure);
    this.#pending = null;
  }
}

function openSocket(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Null as long as something is missing. */
function parseAnswer(text: string): { readonly answer: RawAnswer; readonly lengthChars: number } | null {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split(LINE_END);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const start = headEnd + HEAD_END.length;
  const body = headers.get('transfer-encoding')?.[0] === 'chunked' ? parseChunks(text, start) : parseSized(text, start, headers);
  if (body === null) return null;
  return { answer: { status: Number(statusLine.split(' ')[1]), headers, body: body.text }, lengthChars: body.end };
}

function parseSized(text: string, start: number, headers: ReadonlyMap<string, readonly string[]>) {
  const end = start + Number(headers.get('content-length')?.[0] ?? 0);
  return text.length < end ? null : { text: text.slice(start, end), end };
}

function parseChunks(text: string, start: number): { readonly text: string; readonly end: number } | null {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = text.indexOf(LINE_END, at);
    if (lineEnd === -1) return null;
    const length = Number.parseInt(text.slice(at, lineEnd), 16);
    const chunkStart = lineEnd + LINE_END.length;
    const chunkEnd = chunkStart + length + LINE_END.length;
    if (text.length < chunkEnd) return null;
    if (length === 0) return { text: body, end: chunkEnd };
    body += text.slice(chunkStart, chunkStart + length);
    at = chunkEnd;
  }
}
