import { hkdfSync, randomBytes } from 'node:crypto';
import { similarity, toUnit } from '../stages/embed-face.ts';
import { dequantise, openTemplate, quantise, rotate, sealTemplate } from '../template/template.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const VERSION = 1;

/** An enrolled face, ready to be compared with. */
export interface EnrolledFace {
  /** Names it, and says nothing of the face. */
  readonly templateId: string;
  readonly enrolImages: number;
  /** Cosine with a unit vector of the embedder. */
  similarityTo(probe: Float32Array): number;
  /** Zeroes what was opened. */
  close(): void;
}

export const deriveKey = (key: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), use, KEY_BYTES));

export interface Subject {
  readonly personId: string;
  readonly packHash: string;
}

/** The mean of the embeddings, sealed under a key of 32 bytes: AES-256-GCM, bound to person, pack and version. @throws RangeError */
export function sealMean(embeddings: readonly Float32Array[], key: Uint8Array, subject: Subject): Uint8Array {
  const [first] = embeddings;
  if (first === undefined) throw new RangeError('no embedding to enrol');
  const mean = toUnit(Float32Array.from(first, (_, i) => embeddings.reduce((sum, one) => sum + (one[i] ?? 0), 0) / embeddings.length));
  if (mean === null) throw new RangeError('the embeddings have no direction');
  const [sealKey, rotationKey] = [deriveKey(key, 'seal'), deriveKey(key, 'rotation')];
  const bytes = quantise(rotate(mean, rotationKey));
  const template = { bytes, enrolImages: embeddings.length };
  try {
    return sealTemplate(template, { ...subject, version: VERSION }, { key: sealKey, nonce: randomBytes(NONCE_BYTES) });
  } finally {
    for (const secret of [mean, bytes, sealKey, rotationKey]) secret.fill(0);
  }
}

/** Null: sealed for another person, pack or key, or changed. The key is zeroed. */
export function openFace(
  { sealed, templateId }: { readonly sealed: Uint8Array; readonly templateId: string },
  key: Uint8Array,
  subject: Subject,
): EnrolledFace | null {
  const [sealKey, rotationKey] = [deriveKey(key, 'seal'), deriveKey(key, 'rotation')];
  key.fill(0);
  const template = openTemplate(sealed, { ...subject, version: VERSION }, sealKey);
  sealKey.fill(0);
  const vector = template === null ? null : dequantise(template.bytes);
  template?.bytes.fill(0);
  if (template === null || vector === null) {
    rotationKey.fill(0);
    return null;
  }
  return {
    templateId,
    enrolImages: template.enrolImages,
    similarityTo: (probe) => similarity(rotate(probe, rotationKey), vector),
    close: () => {
      vector.fill(0);
      rotationKey.fill(0);
    },
  };
}
