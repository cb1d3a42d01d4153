import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCardProgram } from '#face-model/terminal/card-program.ts';
import { CARD_BYTES_MAX, createCardCarrier } from '#face-model/terminal/card-carrier.ts';
import { createCarriedFaces } from '#face-model/terminal/carried-face.ts';
import type { Carrier, CarrierName } from '#face-model/terminal/carrier.ts';
import { toUnit } from '#face-model/stages/embed-face.ts';
import type { CarriedFace } from '#gateway/domain/face/face-code.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const PACK = 'a'.repeat(64);
const KEY = Buffer.alloc(32, 7).toString('base64url');
const ON_CARD = { orderId: 'ord_1', personId: 'usr_ann', carrier: 'card' } as const;
const NONCE = 'c'.repeat(32);
const face = (seed: number): Float32Array =>
  toUnit(Float32Array.from({ length: 512 }, (_, i) => Math.sin(seed * 97 + i * (seed + 1.3)))) ?? new Float32Array();

function rig({ packHash = PACK, key = KEY }: { packHash?: string; key?: string | null } = {}) {
  const card: { text: Uint8Array | null; takes: boolean } = { text: null, takes: true };
  const asked: { readonly template: string; readonly sha256: string }[] = [];
  const events: string[] = [];
  const onCard = createCardCarrier({
    read: async () => card.text,
    write: async (bytes) => {
      if (card.takes) card.text = Uint8Array.from(bytes);
      return card.takes;
    },
  });
  let onPhone: CarriedFace | null = null;
  let phoneAsked = 0;
  const phone: Carrier = {
    // Held there until something else was found.
    read: async (signal) => {
      phoneAsked += 1;
      await nextTurn(); // A card is read sooner.
      return onPhone ?? new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    },
    keep: async (face) => (onPhone = face) !== null,
  };
  const make = (pack = packHash) =>
    createCarriedFaces({
      packHash: pack,
      carriers: new Map<CarrierName, Carrier>([
        ['card', onCard],
        ['phone', phone],
      ]),
      link: {
        beginCarried: async () => ({ template: 'tpl_1', key: KEY, expiresAtMs: 1, portalUrl: 'https://gatehouse.example/me/face' }),
        openCarried: async (what) => (asked.push(what), { key, refusal: key === null ? 'carried.destroyed' : null }),
      },
      onEvent: (event) => void events.push(event),
    });
  return { asked, card, events, make, carried: make(), phoneAsked: () => phoneAsked };
}

describe('a face on a card', () => {
  it('is recognised again by whoever holds its key, and by nobody who reads the card', async () => {
    const { asked, card, carried } = rig();
    const kept = await carried.enrol(ON_CARD, [face(1), face(1), face(1)]);
    expect(kept?.template).toBe('tpl_1');
    expect(Buffer.from(card.text ?? []).toString()).not.toContain('usr_ann');
    expect(card.text?.length).toBeLessThan(CARD_BYTES_MAX);
    const found = await carried.find({ nonce: NONCE, personId: 'usr_ann' });
    expect(found?.similarityTo(face(1))).toBeGreaterThan(0.99);
    expect(found?.similarityTo(face(2))).toBeLessThan(0.5);
    expect(asked).toEqual([{ nonce: NONCE, template: 'tpl_1', sha256: kept?.blob_sha256 }]);
    found?.close();
    expect(found?.similarityTo(face(1))).not.toBeGreaterThan(0.5);
  });

  it('opens for nobody else, with no other pack, and not when a letter of it is changed', async () => {
    const { card, carried, events, make } = rig();
    await carried.enrol(ON_CARD, [face(1)]);
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ben' })).toBeNull();
    expect(await make('b'.repeat(64)).find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    const text = Buffer.from(card.text ?? []).toString();
    const { sealed } = JSON.parse(text) as { readonly sealed: string };
    const at = text.indexOf(sealed) + 40;
    card.text = Buffer.from(`${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    expect(events).toEqual(['terminal.carried_refused', 'terminal.carried_refused', 'terminal.carried_refused']);
  });

  it('is none where the gateway gives no key, nothing is on the card, or something else is', async () => {
    const gone = rig({ key: null });
    await gone.carried.enrol(ON_CARD, [face(1)]);
    expect(await gone.carried.find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    expect(gone.events).toEqual(['terminal.carried_refused']);
    const { asked, card, carried, events } = rig();
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    expect(events).toEqual([]);
    for (const text of ['{}', 'half a', '{"gatehouse_face":2,"template":"t","sealed":"AA=="}']) {
      card.text = Buffer.from(text);
      expect(await carried.find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    }
    expect(events).toEqual(['terminal.carried_unreadable', 'terminal.carried_unreadable', 'terminal.carried_unreadable']);
    expect(asked).toEqual([]);
  });

  it('is not enrolled on a card that does not take it', async () => {
    const { card, carried } = rig();
    card.takes = false;
    expect(await carried.enrol(ON_CARD, [face(1)])).toBeNull();
  });
});

describe('a face on a phone', () => {
  const ON_PHONE = { ...ON_CARD, carrier: 'phone' } as const;

  it('is known to the gateway by the same digest as on a card', async () => {
    const { asked, card, carried, events } = rig();
    const kept = await carried.enrol(ON_PHONE, [face(1), face(1), face(1)]);
    expect(card.text).toBeNull();
    const found = await carried.find({ nonce: NONCE, personId: 'usr_ann', carried: true });
    expect(found?.similarityTo(face(1))).toBeGreaterThan(0.99);
    expect(asked).toEqual([{ nonce: NONCE, template: 'tpl_1', sha256: kept?.blob_sha256 }]);
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ben', carried: true })).toBeNull();
    expect(events).toEqual(['terminal.carried_refused']);
  });

  it('is asked of nobody who carries none', async () => {
    const { carried, phoneAsked } = rig();
    await carried.enrol(ON_PHONE, [face(1)]);
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ann' })).toBeNull();
    expect(phoneAsked()).toBe(0);
  });

  it('opens although the card that lies there does not', async () => {
    const { asked, carried, events } = rig();
    await carried.enrol({ ...ON_CARD, personId: 'usr_ben' }, [face(2)]);
    await carried.enrol(ON_PHONE, [face(1)]);
    const found = await carried.find({ nonce: NONCE, personId: 'usr_ann', carried: true });
    expect(found?.similarityTo(face(1))).toBeGreaterThan(0.99);
    expect(asked).toHaveLength(2);
    expect(events).toEqual(['terminal.carried_refused']);
  });

  it('is waited for no longer once a card was read, and still waited for when the card says nothing', async () => {
    const { card, carried, phoneAsked } = rig();
    await carried.enrol(ON_CARD, [face(1)]);
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ann', carried: true })).not.toBeNull();
    expect(phoneAsked()).toBe(1);
    await carried.enrol(ON_PHONE, [face(1)]);
    card.text = Buffer.from('something else');
    expect(await carried.find({ nonce: NONCE, personId: 'usr_ann', carried: true })).not.toBeNull();
  });
});

describe('the programs that read and write cards', () => {
  const node = (script: string, ...args: readonly string[]): readonly [string, ...string[]] => [process.execPath, '-e', script, ...args];
  const WRITE = "process.stdin.pipe(require('fs').createWriteStream(process.argv[1]))";
  const READ = "process.stdout.write(require('fs').readFileSync(process.argv[1]))";

  it('are given and give bytes', async () => {
    const file = join(await temporaryFolder(), 'card');
    const card = createCardProgram({ read: node(READ, file), write: node(WRITE, file) });
    expect(await card.read(100)).toBeNull();
    expect(await card.write(Buffer.from('hello'))).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('hello');
    expect(Buffer.from((await card.read(5)) ?? []).toString()).toBe('hello');
    expect(await card.read(4)).toBeNull();
  });

  it('are no card when they fail, say nothing, or are not there', async () => {
    const broken = createCardProgram({ read: node('process.exit(1)'), write: node('process.exit(1)') });
    expect([await broken.read(100), await broken.write(Buffer.from('x'))]).toEqual([null, false]);
    const silent = createCardProgram({ read: node(''), write: node('') });
    expect(await silent.read(100)).toBeNull();
    const missing = createCardProgram({ read: ['/nowhere/reader'], write: ['/nowhere/writer'] });
    expect([await missing.read(100), await missing.write(Buffer.from('x'))]).toEqual([null, false]);
  });
});
