import { describe, expect, it } from 'vitest';
import { similarity, toUnit } from '#face-model/stages/embed-face.ts';
import { openFace, sealMean } from '#face-model/terminal/sealed-face.ts';
import { dequantise, openTemplate, quantise, rotate, SEALED_OVERHEAD_BYTES, sealTemplate } from '#face-model/template/template.ts';

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const face = (seed: number): Float32Array =>
  toUnit(Float32Array.from({ length: 512 }, (_, i) => Math.sin(seed * 13.7 + i * i * 0.37))) ?? new Float32Array();
const nonce = new Uint8Array(12).fill(9);
const subject = { personId: 'ann', packHash: 'p', version: 1 };

describe('a rotated template', () => {
  it('is as like another under the same key as the faces are', () => {
    for (const [a, b] of [
      [1, 2],
      [1, 1],
      [3, 4],
    ] as const) {
      expect(similarity(rotate(face(a), key(1)), rotate(face(b), key(1)))).toBeCloseTo(similarity(face(a), face(b)), 5);
    }
  });

  it('is nothing like the same face under another key', () => {
    expect(Math.abs(similarity(rotate(face(1), key(1)), rotate(face(1), key(2))))).toBeLessThan(0.2);
    expect(Math.abs(similarity(rotate(face(1), key(1)), face(1)))).toBeLessThan(0.2);
  });

  it('loses next to nothing in eight bits', () => {
    const unit = rotate(face(1), key(1));
    const back = dequantise(quantise(unit));
    expect(back === null ? 0 : similarity(back, unit)).toBeGreaterThan(0.9995);
    expect(dequantise(new Int8Array(512))).toBeNull();
  });

  it('keeps likeness also of embedders with 192 numbers, as MobileFaceNet has', () => {
    const [a, b] = [face(1), face(2)].map((one) => toUnit(one.subarray(0, 192)) ?? one);
    if (a === undefined || b === undefined) throw new TypeError('no faces');
    expect(similarity(rotate(a, key(1)), rotate(b, key(1)))).toBeCloseTo(similarity(a, b), 5);
    expect(similarity(dequantise(quantise(rotate(a, key(1)))) ?? a, rotate(a, key(1)))).toBeGreaterThan(0.9995);
  });

  it('needs a whole key and a face', () => {
    expect(() => rotate(face(1), new Uint8Array(16))).toThrow(RangeError);
    expect(() => rotate(new Float32Array(7), key(1))).toThrow(RangeError);
  });
});

it.each(['ann', 'ben'])('leaves no key behind, whether it opens or not: for %s', (personId) => {
  const [sealed, opener] = [sealMean([face(1)], key(3), subject), key(3)];
  const opened = openFace({ sealed, templateId: 'tpl' }, opener, { ...subject, personId });
  expect(opened === null).toBe(personId === 'ben');
  expect(opener).toEqual(new Uint8Array(32));
});

describe('a sealed template', () => {
  const template = { bytes: quantise(face(1)), enrolImages: 5 };
  const sealed = sealTemplate(template, subject, { key: key(1), nonce });

  it('opens for its person, pack, version and key', () => {
    expect(sealed).toHaveLength(512 + SEALED_OVERHEAD_BYTES);
    expect(openTemplate(sealed, subject, key(1))).toEqual(template);
  });

  it.each([
    ['another person', { ...subject, personId: 'ben' }, key(1)],
    ['another pack', { ...subject, packHash: 'q' }, key(1)],
    ['another version', { ...subject, version: 2 }, key(1)],
    ['another key', subject, key(2)],
  ])('opens for no %s', (_name, whom, opener) => {
    expect(openTemplate(sealed, whom, opener)).toBeNull();
  });

  it('opens with no bit changed, and no byte cut', () => {
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(openTemplate(changed, subject, key(1)), String(i)).toBeNull();
    }
    for (const length of [0, 1, SEALED_OVERHEAD_BYTES, sealed.length - 1])
      expect(openTemplate(sealed.subarray(0, length), subject, key(1))).toBeNull();
  });
});
