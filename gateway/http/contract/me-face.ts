import { z } from 'zod';
import { FACE_CODE_BYTES_MAX, FACE_CODE_TEXT_MAX, parseFaceCode } from '../../domain/face/face-code.ts';

/** No part of the API: the page takes it out of its own address, and what stands after `#` is never sent. */
export const faceCodeSchema = z
  .string()
  .max(FACE_CODE_TEXT_MAX)
  .regex(/^[A-Za-z0-9_-]+$/)
  .transform((text, context) => {
    const bytes = fromBase64url(text);
    if (bytes !== null && parseFaceCode(bytes) !== null) return bytes;
    context.addIssue({ code: 'custom', message: 'no face code' });
    return z.NEVER;
  });

/** The page has no Buffer. Null: no length that bytes have. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return binary.length > FACE_CODE_BYTES_MAX ? null : Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
