import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDER_BODY_MAX, type SerialOrder, SerialOrderReader, encodeSetBaud, encodeWrite } from '#adapters/osdp/transport/serial-orders.ts';

const order = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes): SerialOrder => ({ kind: 'write', bytes })),
  fc.constantFrom(9_600, 115_200, 230_400).map((baud): SerialOrder => ({ kind: 'baud', baud })),
);
const encode = (one: SerialOrder): Uint8Array => (one.kind === 'write' ? encodeWrite(one.bytes) : encodeSetBaud(one.baud));

describe('orders to a serial process', () => {
  it('arrive in their order however the pipe cuts them', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (orders, pieceLength) => {
        const bytes = Buffer.concat(orders.map(encode));
        const reader = new SerialOrderReader();
        const read: SerialOrder[] = [];
        for (let at = 0; at < bytes.length; at += pieceLength) read.push(...reader.push(bytes.subarray(at, at + pieceLength)));
        expect(read.map((one) => (one.kind === 'write' ? [...one.bytes] : one.baud))).toEqual(
          orders.map((one) => (one.kind === 'write' ? [...one.bytes] : one.baud)),
        );
      }),
    );
  });

  it('hold as many bytes as their length can say, and no more', () => {
    expect(encodeWrite(new Uint8Array(ORDER_BODY_MAX))).toHaveLength(ORDER_BODY_MAX + 3);
    expect(() => encodeWrite(new Uint8Array(ORDER_BODY_MAX + 1))).toThrow(TypeError);
  });
});
