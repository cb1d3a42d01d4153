import { z } from 'zod';
import type { FaceDeviceId, ReaderId } from '../site/ids.ts';

/** Terminals of one installation, the revoked included: their names stay in the log. */
export const FACE_DEVICES_MAX = 1_000;

/** Base64url of 32 bytes. */
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** ES256 (RFC 7518 3.4): what TPMs and files both hold. */
export const facePublicKeySchema = z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate });
export type FacePublicKey = z.infer<typeof facePublicKeySchema>;

/** SHA-256 of a pack's manifest, hex. */
export const packHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A terminal that looks at faces beside one reader. */
export interface FaceDevice {
  readonly id: FaceDeviceId;
  readonly readerId: ReaderId;
  readonly label: string;
  readonly publicKey: FacePublicKey;
  /** The one pack of models whose word counts. */
  readonly packHash: string;
  readonly status: 'active' | 'revoked';
  readonly enrolledAtMs: number;
}
