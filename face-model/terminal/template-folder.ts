import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FACE_TEMPLATE_LIFE_MS } from '#gateway/domain/face/enrolled-template.ts';
import { openOwner, sealOwner } from './sealed-owner.ts';
import { deriveKey, openFace, sealMean, type EnrolledFace } from './sealed-face.ts';

/** People that one terminal knows. */
export const TEMPLATES_MAX = 5_000;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OWNER_ONLY = 0o600;
/** Of a file that is not whole yet. */
const NEW = '.new';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);
const fileSchema = z.strictObject({
  templateId: z.string(),
  packHash: z.string(),
  enrolledAtMs: z.int(),
  /** The person's own key, under the terminal's: without it the rest is noise. */
  wrappedKey: base64,
  sealed: base64,
  /** Whose it is, for this terminal alone; files of an earlier release do not say. */
  owner: base64.optional(),
});

export interface TemplateFolder {
  /** Null: none, made by another pack, past its time, or not to be opened. */
  find(personId: string, nowMs: number): Promise<EnrolledFace | null>;
  /** The mean of the embeddings, in place of what was there. Returns its name, which says nothing of the face. @throws RangeError the folder is full */
  save(personId: string, embeddings: readonly Float32Array[], nowMs: number): Promise<string>;
  /** Its key is overwritten before the file goes. Null: there was none. */
  delete(personId: string): Promise<string | null>;
  count(): Promise<number>;
  /** Every face but this person's that can still be compared with, one open at a time: the caller closes it. For a warning at the enrolment, on this terminal. */
  others(personId: string, nowMs: number): AsyncIterable<EnrolledFace>;
}

/** One file a person under a name that only this terminal can tell; AES-256-GCM under a key of the person's, which is wrapped by the terminal's. */
export async function openTemplateFolder(folder: string, packHash: string): Promise<TemplateFolder> {
  const templates = join(folder, 'templates');
  await mkdir(templates, { recursive: true, mode: 0o700 });
  const storageKey = await openStorageKey(join(folder, 'storage.key'));
  const nameOf = (personId: string): string => createHmac('sha256', deriveKey(storageKey, 'names')).update(personId).digest('hex');
  const pathOf = (personId: string): string => join(templates, `${nameOf(personId)}.json`);
  const read = async (personId: string): Promise<z.infer<typeof fileSchema> | null> => {
    const text = await readFile(pathOf(personId), 'utf8').catch(() => null);
    return text === null ? null : parseFile(text);
  };
  const remove = async (personId: string): Promise<string | null> => {
    const file = await read(personId);
    // Also what cannot be read: half a file may be a whole face to somebody.
    await shred(pathOf(personId));
    return file?.templateId ?? null;
  };
  const names = async (): Promise<readonly string[]> => (await readdir(templates)).filter((name) => name.endsWith('.json'));
  // An enrolment that the power ended: nobody was told of it, and no deletion would find it.
  for (const name of await readdir(templates)) if (name.endsWith(NEW)) await shred(join(templates, name));
  const find: TemplateFolder['find'] = async (personId, nowMs) => {
    const file = await read(personId);
    if (file === null || file.packHash !== packHash) return null;
    if (nowMs - file.enrolledAtMs > FACE_TEMPLATE_LIFE_MS) {
      await shred(pathOf(personId));
      return null;
    }
    const key = unwrap(storageKey, Buffer.from(file.wrappedKey, 'base64'), personId);
    return key === null
      ? null
      : openFace({ sealed: Buffer.from(file.sealed, 'base64'), templateId: file.templateId }, key, { personId, packHash });
  };
  return {
    find,
    others: (personId, nowMs) => othersIn({ templates, ownersKey: deriveKey(storageKey, 'owners'), names, nameOf, find }, personId, nowMs),
    save: async (personId, embeddings, nowMs) => {
      const known = await names();
      if (known.length >= TEMPLATES_MAX && !known.includes(`${nameOf(personId)}.json`))
        throw new RangeError('the terminal knows too many people');
      const key = randomBytes(KEY_BYTES);
      const templateId = `tpl_${randomBytes(12).toString('hex')}`;
      const file = {
        templateId,
        packHash,
        enrolledAtMs: nowMs,
        wrappedKey: wrap(storageKey, key, personId).toString('base64'),
        sealed: Buffer.from(sealMean(embeddings, key, { personId, packHash })).toString('base64'),
        owner: sealOwner(personId, deriveKey(storageKey, 'owners'), randomBytes(NONCE_BYTES)),
      };
      key.fill(0);
      const path = pathOf(personId);
      await writeFile(`${path}${NEW}`, JSON.stringify(file satisfies z.infer<typeof fileSchema>), { mode: OWNER_ONLY, flush: true });
      await remove(personId);
      await rename(`${path}${NEW}`, path);
      return templateId;
    },
    delete: remove,
    count: async () => (await names()).length,
  };
}

/** Null: half a file, or somebody's. Nobody is enrolled by it. */
function parseFile(text: string): z.infer<typeof fileSchema> | null {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

interface Opened extends Pick<TemplateFolder, 'find'> {
  readonly templates: string;
  readonly ownersKey: Uint8Array;
  readonly names: () => Promise<readonly string[]>;
  readonly nameOf: (personId: string) => string;
}

async function* othersIn(
  { find, nameOf, names, ownersKey, templates }: Opened,
  personId: string,
  nowMs: number,
): AsyncIterable<EnrolledFace> {
  for (const name of await names()) {
    const text = await readFile(join(templates, name), 'utf8').catch(() => '');
    const owner = /"owner":"([A-Za-z0-9+/]+=*)"/.exec(text)?.[1];
    const other = owner === undefined ? null : openOwner(owner, ownersKey);
    // A file that was put under another name is nobody's.
    const face = other === null || other === personId || name !== `${nameOf(other)}.json` ? null : await find(other, nowMs);
    if (face !== null) yield face;
  }
}

async function openStorageKey(path: string): Promise<Uint8Array> {
  const kept = await readFile(path).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return null;
    throw failure;
  });
  const key = kept ?? randomBytes(KEY_BYTES);
  if (key.length !== KEY_BYTES) throw new RangeError('storage.key is damaged: every template is lost');
  if (kept === null) await writeFile(path, key, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  return key;
}

/** Bound to the person: a key that is copied into somebody else's file opens nothing. */
function wrap(storageKey: Uint8Array, key: Uint8Array, personId: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(storageKey, 'keys'), nonce);
  cipher.setAAD(Buffer.from(personId, 'utf8'));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(storageKey: Uint8Array, wrapped: Uint8Array, personId: string): Uint8Array | null {
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(storageKey, 'keys'), wrapped.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(personId, 'utf8'));
  decipher.setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

/** Overwritten in place and synced before it goes. A medium that writes elsewhere may keep a copy: only the terminal's key, lost, ends that one. */
async function shred(path: string): Promise<void> {
  const handle = await open(path, 'r+').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return null;
    throw failure;
  });
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size, 0x20), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(path);
}
