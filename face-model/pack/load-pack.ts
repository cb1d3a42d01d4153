import { createHash } from 'node:crypto';
import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryParse } from '#gateway/domain/try-parse.ts';
import { loadTensorModel, type TensorModel } from '../stages/tensor-model.ts';
import { checkModels, inputShape } from './check-models.ts';
import { MODEL_BYTES_MAX, MODEL_ROLES, packHash, packManifestSchema, type ModelRole, type PackManifest } from './manifest.ts';
import { PackError } from './pack-error.ts';

/** Longest manifest, bytes. */
export const MANIFEST_BYTES_MAX = 65_536;
export const MANIFEST_FILE = 'pack.json';

export interface FacePack {
  readonly manifest: PackManifest;
  /** Names it in templates and attestations. */
  readonly hash: string;
  readonly models: Readonly<Record<ModelRole, TensorModel>>;
  close(): Promise<void>;
}

export interface LoadPackOptions {
  readonly folder: string;
  /** The operator knows that a model of the pack must not be used commercially. */
  readonly acknowledgesLicence?: boolean;
}

/** Reads a file whole, once, up to a length. A pipe is not waited for, and a device that never ends not read. */
async function readBounded(path: string, bytesMax: number, subject: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw new PackError('pack.missing', subject, { cause });
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new PackError('pack.file_changed', `${subject}: is no file`);
    if (status.size > bytesMax) throw new PackError('pack.file_changed', `${subject}: is longer than ${String(bytesMax)} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** @throws PackError */
export async function readManifest(folder: string): Promise<{ readonly manifest: PackManifest; readonly hash: string }> {
  const text = Buffer.from(await readBounded(join(folder, MANIFEST_FILE), MANIFEST_BYTES_MAX, MANIFEST_FILE)).toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PackError('pack.manifest_invalid', 'is not JSON', { cause });
  }
  const parsed = tryParse(packManifestSchema, json);
  if (parsed.success) return { manifest: parsed.data, hash: packHash(text) };
  const [problem] = parsed.error.issues;
  throw new PackError('pack.manifest_invalid', `${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`);
}

/** The bytes of a model exactly as the manifest names them: what is checked is what is loaded. @throws PackError */
async function readModel(folder: string, { bytes, path, sha256 }: PackManifest['files'][ModelRole]): Promise<Uint8Array> {
  const onnx = await readBounded(join(folder, path), MODEL_BYTES_MAX, path);
  const isSame = onnx.length === bytes && createHash('sha256').update(onnx).digest('hex') === sha256;
  if (!isSame) throw new PackError('pack.file_changed', path);
  return onnx;
}

/** Loads a pack: manifest, hashes, shapes and a self-test, all before the first face. @throws PackError nothing of it is used then */
export async function loadPack({ acknowledgesLicence = false, folder }: LoadPackOptions): Promise<FacePack> {
  const { hash, manifest } = await readManifest(folder);
  const restricted = manifest.licences.find((licence) => !licence.commercialUse);
  if (restricted !== undefined && !acknowledgesLicence) {
    throw new PackError('pack.licence_unacknowledged', `${restricted.file}: ${restricted.spdx}`);
  }
  const loaded: Partial<Record<ModelRole, TensorModel>> = {};
  const close = async (): Promise<void> => {
    for (const model of Object.values(loaded)) await model.close();
  };
  try {
    for (const role of MODEL_ROLES) loaded[role] = await toModel(role, await readModel(folder, manifest.files[role]), manifest);
    const { detector, embedder, liveness, mesh } = loaded;
    if (!detector || !embedder || !liveness || !mesh) throw new PackError('pack.missing', 'a model');
    const models = { detector, mesh, embedder, liveness };
    await checkModels(models, manifest);
    return { manifest, hash, models, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

async function toModel(role: ModelRole, onnx: Uint8Array, manifest: PackManifest): Promise<TensorModel> {
  const { path } = manifest.files[role];
  const model = await loadTensorModel(onnx).catch((cause: unknown) => {
    throw new PackError('pack.model_unfit', path, { cause });
  });
  const wanted = inputShape(role, manifest);
  const actual = model.shapeOf(model.inputNames[0] ?? '') ?? [];
  // A dimension that the file leaves open, such as the batch, is no number.
  const fits =
    model.inputNames.length === 1 && actual.length === 4 && wanted.every((size, i) => !Number.isFinite(actual[i]) || actual[i] === size);
  if (fits) return model;
  await model.close();
  throw new PackError('pack.model_unfit', `${path}: takes ${actual.join('x')}, not ${wanted.join('x')}`);
}
