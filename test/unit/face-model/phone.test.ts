import { decodeQR } from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '#face-model/image/decode-image.ts';
import { readCode } from '#face-model/image/read-code.ts';
import { Phone, PHONE_FILL_MS_MAX, PHONE_READ_MS_MAX } from '#face-model/terminal/phone.ts';
import { encodeFaceCode } from '#gateway/domain/face/face-code.ts';
import { faceCodeSchema } from '#gateway/http/contract/me-face.ts';
import { phoneScreen } from '#test/support/face/phone-screen.ts';

const PORTAL = 'https://gatehouse.example.com:8443/me/face';
/** As long as a real one: a name of the gateway's, and 512 numbers with what seals them. */
const FACE = { template: 'tpl_0123456789abcdef0123', sealed: Uint8Array.from({ length: 542 }, (_, i) => (i * 31 + (i >> 3)) & 255) };
const OTHER = { ...FACE, template: 'tpl_other' };
const never = new AbortController().signal;

function rig() {
  let nowMs = 0;
  const phone = new Phone(() => nowMs);
  const pass = (ms: number): void => {
    nowMs += ms;
    phone.tick();
  };
  return { phone, pass };
}

/** What the phone's own camera app makes of the code on the terminal's screen. */
function linkOn(rows: readonly string[]): string {
  const scale = 4;
  const side = rows.length * scale;
  const rgb = new Uint8Array(side * side * 3).map((_, i) => {
    const at = Math.floor(i / 3);
    return rows[Math.floor(at / side / scale)]?.[Math.floor((at % side) / scale)] === '1' ? 0 : 255;
  });
  return decodeQR({ width: side, height: side, data: rgb });
}

describe('a phone', () => {
  it('is given a face by a link, and has it when the camera has seen it there', async () => {
    const { phone } = rig();
    const kept = phone.keep(FACE, PORTAL);
    const view = phone.view();
    if (view?.kind !== 'fills_phone') throw new TypeError('it shows a code');
    const link = new URL(linkOn(view.code));
    expect(link.href.startsWith(`${PORTAL}#`)).toBe(true);
    const taken = faceCodeSchema.parse(link.hash.slice(1));
    // What is on the terminal's own screen, a code from before and something else are not the phone's.
    for (const seen of [Buffer.from(link.href), encodeFaceCode(OTHER), Uint8Array.of(1, 2, 3)]) phone.onCode(seen);
    expect(phone.view()).toEqual(view);
    phone.onCode(taken);
    expect(await kept).toBe(true);
    expect(phone.view()).toBeNull();
  });

  it('shows at the door what it was given', async () => {
    const { phone } = rig();
    const read = phone.read(never);
    expect(phone.view()).toEqual({ kind: 'reads_phone', wantsFrames: true });
    phone.onCode(Buffer.from('https://somewhere.example/'));
    phone.onCode(encodeFaceCode(FACE));
    expect(await read).toEqual(FACE);
    phone.onCode(encodeFaceCode(OTHER));
    expect(phone.view()).toBeNull();
  });

  it.each([
    ['reads_phone', PHONE_READ_MS_MAX, null],
    ['fills_phone', PHONE_FILL_MS_MAX, false],
  ] as const)('is waited for no longer than it may be: %s', async (kind, withinMs, nothing) => {
    const { phone, pass } = rig();
    const done = kind === 'reads_phone' ? phone.read(never) : phone.keep(FACE, PORTAL);
    pass(withinMs - 1);
    expect(phone.view()?.kind).toBe(kind);
    pass(1);
    expect(await done).toBe(nothing);
    expect(phone.view()).toBeNull();
  });

  it('is waited for no more when a card was there, or the person gave up', async () => {
    const { phone } = rig();
    const end = new AbortController();
    const read = phone.read(end.signal);
    end.abort();
    expect(await read).toBeNull();
    const kept = phone.keep(FACE, PORTAL);
    phone.cancel();
    expect(await kept).toBe(false);
  });
});

describe('a picture of a code', () => {
  const seen = async (picture: Uint8Array): Promise<Uint8Array | null> => {
    const decoded = await decodeImage(picture);
    if (decoded.kind !== 'frame') throw new TypeError(decoded.problem);
    return readCode(decoded.frame);
  };

  it.each([
    ['held near', { share: 0.95 }],
    ['from farther away', { share: 0.7 }],
    ['turned', { turnDegrees: 40 }],
    ['out of focus', { blurPx: 1.2 }],
  ])('is read where a phone is %s', async (_how, held) => {
    const code = encodeFaceCode(FACE);
    expect(await seen(await phoneScreen(code, held))).toEqual(code);
  });

  it('is none where it is too small to be told apart', async () => {
    expect(await seen(await phoneScreen(encodeFaceCode(FACE), { share: 0.25 }))).toBeNull();
  });
});
