import { describe, expect, it } from 'vitest';
import { CONFIGURATION_ADDRESS, isAllowedAtAddress } from '#adapters/osdp/wire/address.ts';
import {
  type Frame,
  ADDRESS_MAX,
  FRAME_LENGTH_MAX,
  FRAME_LENGTH_MIN,
  RECEIVE_LENGTH_MIN,
  coveredByMac,
  encodeFrame,
  parseFrame,
} from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { MAC_LENGTH, TAG_LENGTH, macLength } from '#adapters/osdp/wire/security-block.ts';
import checks from '../../../vectors/osdp/checks.json' with { type: 'json' };
import secure from '../../../vectors/osdp/secure-channel-2-frames.json' with { type: 'json' };
import { BLOCK_TYPES, frameOfLength } from './frame-samples.ts';

const NO_DATA = new Uint8Array(0);
const plain = { address: 5, direction: 'command', sequence: 1, check: 'crc', block: null, code: 0x60, data: NO_DATA } as const;

describe('frame', () => {
  it.each(secure.frames)(
    'reads and repeats the published frame $bytes of secure channel 2',
    ({ bytes, direction, sequence, type, code }) => {
      const wire = new Uint8Array(Buffer.from(bytes, 'hex'));
      const [frame] = new Framer().push(wire);
      expect(frame).toMatchObject({ address: 0, direction, sequence, code, block: { type } });
      expect(frame?.mac).toHaveLength(TAG_LENGTH);
      expect(frame?.data).toHaveLength(0);
      if (frame === undefined) return;
      expect(coveredByMac(frame)).toEqual(wire.subarray(0, 8));
      expect(encodeFrame(frame, () => frame.mac ?? NO_DATA)).toEqual(wire);
    },
  );

  it.each(BLOCK_TYPES)('leaves as many bytes for the MAC of block %i as its channel has', (type) => {
    const expected = type >= 0x15 && type <= 0x18 ? MAC_LENGTH : type >= 0x25 && type <= 0x28 ? TAG_LENGTH : 0;
    expect(macLength(type)).toBe(expected);
    const bytes = encodeFrame({ ...plain, block: { type, data: NO_DATA } }, () => new Uint8Array(TAG_LENGTH).fill(9));
    expect(parseFrame(bytes)?.mac?.length ?? 0).toBe(expected);
  });

  it.each(checks.frames)(
    '050-09-01, 050-09-03, 050-09-12: builds the published frame $bytes byte for byte',
    ({ bytes, check, address, code, data }) => {
      const fields = { ...plain, address, sequence: 0, check: check === 'crc' ? 'crc' : 'checksum', code } as const;
      expect(Buffer.from(encodeFrame({ ...fields, data: new Uint8Array(Buffer.from(data, 'hex')) })).toString('hex')).toBe(bytes);
    },
  );

  it('050-09-04: takes the addresses 0 to 7E and the configuration address, and no other', () => {
    expect(encodeFrame({ ...plain, address: 0 })[1]).toBe(0);
    expect(encodeFrame({ ...plain, address: ADDRESS_MAX })[1]).toBe(0x7e);
    expect(encodeFrame({ ...plain, address: CONFIGURATION_ADDRESS, code: 0x61, data: Uint8Array.of(0) })[1]).toBe(0x7f);
    for (const address of [-1, 0x80, 1.5, Number.NaN]) expect(() => encodeFrame({ ...plain, address })).toThrow(TypeError);
  });

  it('050-09-05: uses the configuration address for ID, CAP and COMSET and their replies alone, which come from FF', () => {
    const allowed = (direction: Frame['direction']): number[] =>
      Array.from({ length: 256 }, (_, code) => code).filter((code) => isAllowedAtAddress(CONFIGURATION_ADDRESS, direction, code));
    expect(allowed('command')).toEqual([0x61, 0x62, 0x6e]);
    expect(allowed('reply')).toEqual([0x41, 0x45, 0x46, 0x54, 0x79]);
    expect(encodeFrame({ ...plain, address: 0x7f, direction: 'reply', code: 0x45 })[1]).toBe(0xff);
    expect(() => encodeFrame({ ...plain, address: 0x7f })).toThrow(TypeError);
    expect(() => encodeFrame({ ...plain, address: 0x7f, code: 0x61, block: { type: 0x11, data: NO_DATA } })).toThrow(TypeError);
  });

  it('050-09-09: hands on every code that a byte can hold', () => {
    for (let code = 0; code <= 0xff; code += 1) expect(parseFrame(encodeFrame({ ...plain, code }))?.code).toBe(code);
  });

  it('050-03-01: carries all 256 values of a byte', () => {
    const data = Uint8Array.from({ length: 256 }, (_, value) => value);
    expect(new Framer().push(encodeFrame({ ...plain, data }))[0]?.data).toEqual(data);
  });

  it('050-06-02: receives replies of 7, 8, 128 and 1440 bytes, and none of 6 or 1441', () => {
    const shortest = encodeFrame({ ...plain, direction: 'reply', code: 0x40, check: 'checksum' });
    expect(shortest).toHaveLength(FRAME_LENGTH_MIN);
    expect(new Framer({ checksum: 'accept' }).push(shortest)).toHaveLength(1);
    for (const length of [FRAME_LENGTH_MIN + 1, RECEIVE_LENGTH_MIN, FRAME_LENGTH_MAX]) {
      expect(new Framer().push(frameOfLength(length))).toHaveLength(1);
    }
    expect(() => frameOfLength(FRAME_LENGTH_MAX + 1)).toThrow(TypeError);
    const framer = new Framer();
    framer.push(Uint8Array.of(0x53, 5, FRAME_LENGTH_MIN - 1, 0, 4, 0));
    expect(framer.counters).toMatchObject({ frames: 0, badLength: 1 });
  });

  it('050-09-08: refuses a security block whose length contradicts the frame', () => {
    const bytes = encodeFrame({ ...plain, block: { type: 0x11, data: Uint8Array.of(1) }, data: new Uint8Array(8) });
    for (const length of [0, 1, bytes.length, 255]) {
      const lying = new Uint8Array(bytes);
      lying[5] = length;
      expect(parseFrame(lying)).toBeNull();
    }
    expect(() => encodeFrame({ ...plain, block: { type: 0x11, data: new Uint8Array(254) } })).toThrow(TypeError);
    expect(encodeFrame({ ...plain, block: { type: 0x11, data: new Uint8Array(253) } })[5]).toBe(255);
  });

  it('refuses to send a block with a MAC that nobody computes', () => {
    expect(() => encodeFrame({ ...plain, block: { type: 0x27, data: NO_DATA } })).toThrow(TypeError);
  });
});
