/** The first byte that a serial process writes: the port is open. Everything after it is from the line. */
export const OPENED_MARK = 0x06;

/** What goes the other way: kind 1, length LE16, body. One pipe for bytes and speeds, so that a speed takes its place between the frames. */
const KIND = { write: 0x01, baud: 0x02 } as const;
const HEADER_LENGTH = 3;
const BAUD_LENGTH = 4;
export const ORDER_BODY_MAX = 0xffff;

export type SerialOrder = { readonly kind: 'write'; readonly bytes: Uint8Array } | { readonly kind: 'baud'; readonly baud: number };

/** @throws TypeError for more than 65,535 bytes. */
export function encodeWrite(bytes: Uint8Array): Uint8Array {
  return encodeOrder(KIND.write, bytes);
}

/** Body: baud rate LE32. */
export function encodeSetBaud(baud: number): Uint8Array {
  const body = new Uint8Array(BAUD_LENGTH);
  new DataView(body.buffer).setUint32(0, baud, true);
  return encodeOrder(KIND.baud, body);
}

function encodeOrder(kind: number, body: Uint8Array): Uint8Array {
  if (body.length > ORDER_BODY_MAX) throw new TypeError(`an order has at most ${ORDER_BODY_MAX} bytes`);
  const order = new Uint8Array(HEADER_LENGTH + body.length);
  order[0] = kind;
  order[1] = body.length & 0xff;
  order[2] = body.length >> 8;
  order.set(body, HEADER_LENGTH);
  return order;
}

/** Reads orders from a stream cut anywhere; holds at most one unfinished order. An unknown kind is left out: both ends are one program. */
export class SerialOrderReader {
  #held: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): SerialOrder[] {
    const bytes = new Uint8Array(this.#held.length + chunk.length);
    bytes.set(this.#held);
    bytes.set(chunk, this.#held.length);
    const orders: SerialOrder[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_LENGTH) {
      const end = at + HEADER_LENGTH + ((bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8));
      if (end > bytes.length) break;
      const body = bytes.subarray(at + HEADER_LENGTH, end);
      if (bytes[at] === KIND.write) orders.push({ kind: 'write', bytes: body });
      if (bytes[at] === KIND.baud && body.length === BAUD_LENGTH) {
        orders.push({ kind: 'baud', baud: new DataView(body.buffer, body.byteOffset).getUint32(0, true) });
      }
      at = end;
    }
    this.#held = bytes.subarray(at);
    return orders;
  }
}
