import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactSign } from 'jose';
import { facePublicKeySchema, type FacePublicKey } from '#gateway/domain/face/face-device.ts';

/** The key that names a terminal. A file, or a chip that signs and gives nothing out: whoever holds it needs no more than this. */
export interface DeviceKey {
  readonly kind: 'file' | 'tpm';
  readonly publicKey: FacePublicKey;
  /** A compact JWS, ES256, of this `typ`. `kid` is the terminal's id; empty while it has none. */
  sign(payload: unknown, header: { readonly typ: string; readonly kid: string }): Promise<string>;
}

const KEY_FILE = 'device.key';
const OWNER_ONLY = 0o600;

/** The key in the terminal's folder, made at the first call. Readable for its owner alone. */
export async function openFileKey(folder: string): Promise<DeviceKey> {
  const path = join(folder, KEY_FILE);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return toDeviceKey(createPrivateKey((await readIfThere(path)) ?? (await create(path))));
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return null;
    throw failure;
  });
}

async function create(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  // `wx`: of two first starts one makes the key, the other fails rather than takes its place.
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(pem);
    await file.sync();
  } finally {
    await file.close();
  }
  return pem;
}

function toDeviceKey(privateKey: KeyObject): DeviceKey {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    kind: 'file',
    publicKey: facePublicKeySchema.parse({ kty, crv, x, y }),
    sign: async (payload, { kid, typ }) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'ES256', typ, ...(kid === '' ? {} : { kid }) })
        .sign(privateKey),
  };
}
