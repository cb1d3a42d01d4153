import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '#face-model/image/decode-image.ts';
import type { Frame } from '#face-model/image/frame.ts';
import { loadPack, type FacePack } from '#face-model/pack/load-pack.ts';
import { MODEL_ROLES } from '#face-model/pack/manifest.ts';
import { OnnxGraph } from '#face-model/pack/onnx-graph.ts';
import { preparePack } from '#face-model/pack/prepare-pack.ts';
import { detectFaces } from '#face-model/stages/detect-faces.ts';
import { embedFace, similarity } from '#face-model/stages/embed-face.ts';
import { findLandmarks } from '#face-model/stages/find-landmarks.ts';
import { DEFAULT_PACK_SOURCE, defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const FETCH_TIMEOUT_MS = 300_000;
let folder = '';
let pack: FacePack;
let pictures: readonly Uint8Array[] = [];
beforeAll(async () => {
  [folder, pictures] = [await defaultPackFolder(), await samplePictures()];
  pack = await loadPack({ folder });
}, FETCH_TIMEOUT_MS);
afterAll(() => pack.close());

async function frameOf(picture: Uint8Array): Promise<Frame> {
  const decoded = await decodeImage(picture);
  if (decoded.kind !== 'frame') throw new Error(decoded.problem);
  return decoded.frame;
}

it('tells the faces of photographs apart, and knows the one person who is on two', async () => {
  const faces: { picture: number; embedding: Float32Array }[] = [];
  for (const [picture, bytes] of pictures.entries()) {
    const frame = await frameOf(bytes);
    for (const face of await detectFaces(frame, pack.models.detector, pack.manifest.detector)) {
      const landmarks = await findLandmarks(frame, face, pack.models.mesh);
      if (landmarks === null || landmarks.face01 < 0.5) continue;
      const embedding = await embedFace(frame, landmarks.five, pack.models.embedder, pack.manifest.embedder);
      if (embedding !== null) faces.push({ picture, embedding });
    }
  }

  const scores = faces.flatMap((a, i) =>
    faces.slice(i + 1).flatMap((b) => (a.picture === b.picture ? [] : [similarity(a.embedding, b.embedding)])),
  );
  const [best = 0, second = 0] = scores.toSorted((a, b) => b - a);
  expect(faces.length).toBeGreaterThanOrEqual(15);
  expect(best).toBeGreaterThan(0.5);
  expect(second).toBeLessThan(0.45);
});

describe('a pack that is not what its manifest says', () => {
  const copy = async (): Promise<string> => {
    const to = join(await temporaryFolder(), 'pack');
    await cp(folder, to, { recursive: true });
    return to;
  };
  const changeManifest = async (change: (manifest: Record<string, unknown>) => void): Promise<string> => {
    const to = await copy();
    const file = join(to, 'pack.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    change(manifest);
    await writeFile(file, JSON.stringify(manifest));
    return to;
  };

  it.each(MODEL_ROLES)('does not load with one bit of its %s changed', async (role) => {
    const to = await copy();
    const file = join(to, pack.manifest.files[role].path);
    const bytes = await readFile(file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.file_changed', subject: pack.manifest.files[role].path });
  });

  it('does not load with models in each other’s place', async () => {
    const to = await changeManifest((manifest) => {
      const files = manifest['files'] as Record<string, unknown>;
      [files['detector'], files['mesh']] = [files['mesh'], files['detector']];
    });
    await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.model_unfit' });
  });

  it('does not load when the self-test gives other numbers', async () => {
    const to = await changeManifest((manifest) => {
      manifest['selfTest'] = { first: [0, 0, 0, 0, 0, 0, 0, 0], toleranceMax: 0.01 };
    });
    await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.model_unfit' });
  });

  it('does not load without a file, a manifest, or with one of another shape', async () => {
    await expect(loadPack({ folder: await temporaryFolder() })).rejects.toMatchObject({ code: 'pack.missing' });
    const to = await changeManifest((manifest) => {
      manifest['surprise'] = true;
    });
    await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.manifest_invalid' });
  });

  it('does not load for commercial use under a licence that forbids it, unless somebody says that they know', async () => {
    const to = await changeManifest((manifest) => {
      const others = pack.manifest.licences.filter(({ file }) => file !== 'fr-feature.onnx');
      const research = { file: 'fr-feature.onnx', spdx: 'CC-BY-NC-4.0', provenance: 'a research group', commercialUse: false };
      manifest['licences'] = [...others, research];
    });
    await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.licence_unacknowledged' });
    const loaded = await loadPack({ folder: to, acknowledgesLicence: true });
    await loaded.close();
  });

  it('does not load with a file of which no licence is stated', async () => {
    const to = await changeManifest((manifest) => {
      manifest['licences'] = pack.manifest.licences.filter(({ file }) => file !== 'fr-feature.onnx');
    });
    await expect(loadPack({ folder: to })).rejects.toThrow(/^pack.manifest_invalid: licences: .*fr-feature.onnx/);
  });

  it('does not load with a model that takes what its role takes and answers something else', async () => {
    const graph = new OnnxGraph();
    graph.input('image', [1, 128, 128, 3]);
    graph.node('Identity', ['image'], 'scores');
    graph.output('scores', [1, 128, 128, 3]);
    const onnx = graph.toModel('no detector');
    const to = await changeManifest((manifest) => {
      const files = manifest['files'] as Record<string, Record<string, unknown>>;
      files['detector'] = {
        path: files['detector']?.['path'],
        bytes: onnx.length,
        sha256: createHash('sha256').update(onnx).digest('hex'),
      };
    });
    await writeFile(join(to, pack.manifest.files.detector.path), onnx);
    await expect(loadPack({ folder: to })).rejects.toThrow(/^pack.model_unfit: .*than a detector/);
  });

  it('does not load from what never ends, and waits for no pipe', async () => {
    const file = pack.manifest.files.detector.path;
    for (const endless of ['/dev/zero', null]) {
      const to = await copy();
      await rm(join(to, file));
      if (endless === null) execFileSync('mkfifo', [join(to, file)]);
      else await symlink(endless, join(to, file));
      await expect(loadPack({ folder: to })).rejects.toMatchObject({ code: 'pack.file_changed', subject: `${file}: is no file` });
    }
  });

  it('is not prepared from another package than the pinned one', async () => {
    const to = join(await temporaryFolder(), 'pack');
    const fetchPackage = async (): Promise<Uint8Array> => Buffer.from('another package');
    await expect(preparePack({ from: DEFAULT_PACK_SOURCE, to, fetchPackage })).rejects.toMatchObject({ code: 'pack.source_changed' });
    const offline = async (): Promise<Uint8Array> => Promise.reject(new Error('no network'));
    await expect(preparePack({ from: DEFAULT_PACK_SOURCE, to, fetchPackage: offline })).rejects.toMatchObject({
      code: 'pack.source_unavailable',
    });
    await expect(readFile(join(to, 'pack.json'))).rejects.toThrow();
  });
});
