import type { FacePoint } from '#gateway/ports/face-point.ts';

/** No terminal, and no badge that wants a face. */
export const noFacePoint: FacePoint = {
  next: () => Promise.resolve(null),
  attest: () => Promise.resolve('face.nonce_unknown'),
  order: () => Promise.resolve(false),
  finishOrder: () => Promise.resolve(null),
  enrolAtReader: () => Promise.resolve({ ok: false, code: 'unavailable' }),
  listening: () => Promise.resolve([]),
};
