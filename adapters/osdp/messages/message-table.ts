/** Body codec of one message. Both directions in one place: the ACU and the simulated PD share it. */
export interface BodyCodec<Body> {
  /** @throws TypeError when a value does not fit its field. */
  encode(body: Body): Uint8Array;
  /** Strict: null when a byte is missing or left over or a value is not allowed. The result shares no memory with `data`. */
  parse(data: Uint8Array): Body | null;
}

interface Row<Body> extends BodyCodec<Body> {
  readonly code: number;
}

type Rows = Readonly<Record<string, Row<unknown>>>;
type BodyOf<R> = R extends Row<infer Body> ? Body : never;

/** The union of `{name, body}` over all rows of a table. */
export type MessageOf<R extends Rows> = { [Name in keyof R & string]: { readonly name: Name; readonly body: BodyOf<R[Name]> } }[keyof R &
  string];

export interface EncodedMessage {
  readonly code: number;
  readonly data: Uint8Array;
}

/** What could not be read is kept as it came: an unknown code may mean something to somebody else. */
export type ParsedMessage<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: 'unknown' | 'malformed'; readonly raw: EncodedMessage };

export interface MessageTable<Message> {
  encode(message: Message): EncodedMessage;
  /** Never throws. An unknown code is reported as such, so that the caller can count it by kind. */
  parse(code: number, data: Uint8Array): ParsedMessage<Message>;
  /** The standard's name of a code, whatever its body holds; null for an unknown one. */
  nameOf(code: number): string | null;
}

/** One line of a table: the message's code and its codec. */
export function row<Body>(code: number, codec: BodyCodec<Body>): Row<Body> {
  return { code, encode: (body) => codec.encode(body), parse: (data) => codec.parse(data) };
}

export function createMessageTable<R extends Rows>(rows: R): MessageTable<MessageOf<R>> {
  const byCode = new Map(Object.entries(rows).map(([name, entry]) => [entry.code, { name, entry }]));
  return {
    encode(message) {
      const entry = rows[message.name];
      if (entry === undefined) throw new TypeError(`no such message: ${message.name}`);
      return { code: entry.code, data: entry.encode(message.body) };
    },
    nameOf: (code) => byCode.get(code)?.name ?? null,
    parse(code, data) {
      const found = byCode.get(code);
      if (found === undefined) return { ok: false, reason: 'unknown', raw: { code, data: new Uint8Array(data) } };
      const body = found.entry.parse(data);
      if (body === null) return { ok: false, reason: 'malformed', raw: { code, data: new Uint8Array(data) } };
      return { ok: true, message: { name: found.name, body } as MessageOf<R> }; // name and body come from the same row
    },
  };
}
