import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { toUnit } from '../stages/embed-face.ts';

/**
 * A face as it is kept: one signed byte per number of the unit vector (scaled so that the largest is 127), turned by a key. 8 bits cost no
 * accuracy that could be measured; the turn makes templates of one face under two keys as unlike as two people.
 */
export interface FaceTemplate {
  readonly bytes: Int8Array;
  readonly enrolImages: number;
}

/** Times that signs are flipped and the vector is mixed: after three rounds every number depends on every other. */
const ROUNDS = 3;
const KEY_BYTES = 32;

/** A 256-bit key of the person's, or of the site's. @throws RangeError */
function checkKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`a key has ${String(KEY_BYTES)} bytes`);
}

function signsOf(key: Uint8Array, round: number, length: number): Int8Array {
  const bits = new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `face template rotation ${String(round)}`, length / 8));
  return Int8Array.from({ length }, (_, i) => (((bits[i >> 3] ?? 0) >> (i & 7)) & 1 ? -1 : 1));
}

/** Walsh-Hadamard, scaled so that lengths stay: its own inverse. The length must be a power of two. */
function mix(vector: Float64Array): void {
  for (let half = 1; half < vector.length; half *= 2) {
    for (let start = 0; start < vector.length; start += 2 * half) {
      for (let i = start; i < start + half; i += 1) {
        const [a, b] = [vector[i] ?? 0, vector[i + half] ?? 0];
        vector[i] = a + b;
        vector[i + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(vector.length);
  vector.forEach((value, i) => (vector[i] = value * scale));
}

/** Orthogonal: similarities under one key stay what they were. A vector of 192 numbers comes back with 256: what can be mixed is a power of two. */
export function rotate(vector: Float32Array, key: Uint8Array): Float32Array {
  checkKey(key);
  if (vector.length < 8) throw new RangeError('the vector is no face');
  const turned = new Float64Array(2 ** Math.ceil(Math.log2(vector.length)));
  turned.set(vector);
  for (let round = 0; round < ROUNDS; round += 1) {
    const signs = signsOf(key, round, turned.length);
    turned.forEach((value, i) => (turned[i] = value * (signs[i] ?? 1)));
    mix(turned);
  }
  return Float32Array.from(turned);
}

/** Of a unit vector that is rotated already. */
export function quantise(vector: Float32Array): Int8Array {
  const largest = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => Math.round((value / largest) * 127));
}

/** Null for bytes without a direction. */
export function dequantise(bytes: Int8Array): Float32Array | null {
  return toUnit(Float32Array.from(bytes));
}

/** What a sealed template belongs to: it opens for nobody and nothing else. */
export interface TemplateSubject {
  readonly personId: string;
  /** Hash of the pack that made it: another pack's numbers mean something else. */
  readonly packHash: string;
  readonly version: number;
}

/** Format: version byte 1, enrolImages byte, nonce 12, ciphertext, tag 16. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SEALED_OVERHEAD_BYTES = 2 + NONCE_BYTES + TAG_BYTES;

function boundTo({ packHash, personId, version }: TemplateSubject, enrolImages: number): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['face template', FORMAT, personId, packHash, version, enrolImages]))
    .digest();
}

/** AES-256-GCM. `nonce`: 12 random bytes, never used twice with the key. */
export function sealTemplate(
  template: FaceTemplate,
  subject: TemplateSubject,
  { key, nonce }: { key: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  checkKey(key);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${String(NONCE_BYTES)} bytes`);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(boundTo(subject, template.enrolImages));
  const plain = Buffer.from(template.bytes.buffer, template.bytes.byteOffset, template.bytes.byteLength);
  return Buffer.concat([Uint8Array.of(FORMAT, template.enrolImages), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it was sealed for another person, pack, version or key, or was changed. */
export function openTemplate(sealed: Uint8Array, subject: TemplateSubject, key: Uint8Array): FaceTemplate | null {
  checkKey(key);
  const [format, enrolImages = 0] = sealed;
  if (format !== FORMAT || sealed.length <= SEALED_OVERHEAD_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(2, 2 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(subject, enrolImages));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(2 + NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
    const bytes = Int8Array.from(new Int8Array(plain.buffer, plain.byteOffset, plain.byteLength));
    plain.fill(0);
    return { bytes, enrolImages };
  } catch {
    return null;
  }
}
