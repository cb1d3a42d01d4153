import { bandOf, meanOf } from '../capture/verification.ts';
import type { PackManifest } from '../pack/manifest.ts';
import type { TemplateFolder } from './template-folder.ts';

/** Told to whoever stands here, and to nobody else: a twin has the same face, and the gateway is to learn nothing of who looks like whom. */
export async function looksLikeAnother(
  known: { readonly templates: TemplateFolder; readonly manifest: Pick<PackManifest, 'thresholds'>; readonly nowMs: () => number },
  personId: string,
  embeddings: readonly Float32Array[],
): Promise<boolean> {
  const { manifest, nowMs, templates } = known;
  const mean = meanOf(embeddings);
  if (mean === null) return false;
  let isAlike = false;
  for await (const face of templates.others(personId, nowMs())) {
    const { enrolImages } = face;
    const band = bandOf(face.similarityTo(mean), { enrolImages, probeFrames: embeddings.length, thresholds: manifest.thresholds });
    face.close();
    isAlike ||= band === 'standard' || band === 'high';
  }
  mean.fill(0);
  return isAlike;
}
