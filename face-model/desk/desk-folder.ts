import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';
import { readManifest } from '../pack/load-pack.ts';
import { openDeviceKey } from '../terminal/open-device-key.ts';
import { checkGatewayUrl } from '../terminal/run-terminal.ts';
import { createDeskLink, deskIdentitySchema, enrolDeskAtGateway, type DeskIdentity, type DeskLink } from './desk-link.ts';
import type { DeviceKey } from '../terminal/device-key.ts';

const deskFileSchema = deskIdentitySchema.extend({ url: z.string() });
const FILE = 'desk.json';
const fileOf = (folder: string): string => join(folder, FILE);

/** This computer as the gateway knows it. */
export interface EnrolledDesk {
  readonly identity: DeskIdentity;
  /** Of the gateway. */
  readonly url: string;
  readonly key: DeviceKey;
  readonly link: DeskLink;
  readonly sign: (payload: unknown, typ: string) => Promise<string>;
}

/** Gives the gateway this computer's key against a one-time code. @throws GatewayCallError, PackError, RangeError, Error no TPM */
export async function enrolDesk(at: {
  readonly url: string;
  readonly code: string;
  readonly folder: string;
  /** Null: this computer looks at no face. */
  readonly packFolder: string | null;
  readonly keyKind: DeviceKey['kind'];
}): Promise<DeskIdentity & { readonly keyKind: DeviceKey['kind'] }> {
  const url = checkGatewayUrl(at.url);
  await mkdir(at.folder, { recursive: true, mode: 0o700 });
  const key = await openDeviceKey(at.folder, at.keyKind);
  const packHash = at.packFolder === null ? null : (await readManifest(at.packFolder)).hash;
  const identity = await enrolDeskAtGateway(
    { url, key, nowMs: Date.now },
    { code: at.code, packHash, publicKey: key.publicKey, keyKind: key.kind },
  );
  await writeFile(fileOf(at.folder), JSON.stringify({ ...identity, url }), { mode: 0o600, flush: true });
  return { ...identity, keyKind: key.kind };
}

/** @throws RangeError the file names a field that is wrong; Error the folder holds no enrolled computer (ENOENT), or its key cannot be used */
export async function openDesk(folder: string): Promise<EnrolledDesk> {
  const { url, ...identity } = parseFile(await readFile(fileOf(folder), 'utf8'));
  const key = await openDeviceKey(folder, 'file');
  return {
    identity,
    url,
    key,
    link: createDeskLink({ url, key, deviceId: identity.deviceId, nowMs: Date.now }),
    sign: (payload, typ) => key.sign(payload, { typ, kid: identity.deviceId }),
  };
}

function parseFile(text: string): z.infer<typeof deskFileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new RangeError(`${FILE}: is not JSON; enrol this computer anew`, { cause });
  }
  const parsed = tryParse(deskFileSchema, json);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    throw new RangeError(`${FILE}: ${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`, { cause: parsed.error });
  }
  // A changed address must not be handed this computer's signatures over a line that others can hear.
  return { ...parsed.data, url: checkGatewayUrl(parsed.data.url) };
}
