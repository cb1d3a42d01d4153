import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Size of one model file, bytes: what is larger is no model for a door. */
export const MODEL_BYTES_MAX = 400 * 1024 * 1024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/);
const share01 = z.number().min(0).max(1);

const sourceFileSchema = z.strictObject({
  /** Paths inside the package; the mesh is made of two. */
  from: z.array(z.string().min(1).max(300)).min(1).max(2),
  /** Of each of them as published. */
  sha256: z.array(sha256).min(1).max(2),
  transform: z.enum(['none', 'flush_denormals', 'mesh_to_onnx']),
  to: fileName,
});

const thresholdSchema = z.strictObject({
  level: z.enum(['low', 'standard', 'high']),
  /** Pictures of the enrolment and frames of the probe that are averaged: averaging raises impostors' scores, too. */
  enrolImages: z.int().min(1).max(20),
  probeFrames: z.int().min(1).max(20),
  cosineMin: z.number().min(-1).max(1),
  /** False match rate that the threshold was set for, and the false non-match rate measured at it. */
  fmr: share01,
  fnmr: share01,
  measuredOn: z.string().min(1).max(200),
});

/** What a pack of face models is: files, how they are fed, what they were measured to do, and under which terms they may be used. */
export const packManifestSchema = z
  .strictObject({
    id: fileName,
    version: z.int().min(1),
    files: z.record(
      z.enum(['detector', 'mesh', 'embedder', 'liveness']),
      z.strictObject({ path: fileName, bytes: z.int().min(1).max(MODEL_BYTES_MAX), sha256 }),
    ),
    /** Published packages that the files are made of; empty for a pack that an operator puts together. */
    sources: z
      .array(
        z.strictObject({
          /** A name and one version: nothing that npm would take for an option, a folder or an address. */
          spec: z.string().regex(/^(?:@[a-z0-9._-]{1,100}\/)?[a-z0-9][a-z0-9._-]{0,100}@[0-9][A-Za-z0-9.+-]{0,60}$/),
          integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
          files: z.array(sourceFileSchema).min(1),
        }),
      )
      .max(10),
    detector: z.strictObject({ size: z.int().min(64).max(1_024), scoreMin01: share01, overlapMin01: share01 }),
    embedder: z.strictObject({
      order: z.enum(['rgb', 'bgr']),
      mean: z.number(),
      deviation: z.number().positive(),
      length: z.int().min(64).max(2_048),
    }),
    liveness: z.strictObject({
      size: z.int().min(64).max(512),
      scale: z.number().min(1).max(5),
      order: z.enum(['rgb', 'bgr']),
      liveClass: z.int().min(0).max(9),
      /** Median over frames from which a face counts as live without a challenge, and below which not even a challenge helps. */
      passiveMin01: share01,
      challengeMin01: share01,
    }),
    thresholds: z.array(thresholdSchema).min(1).max(20),
    /** A picture of one grey ramp through the embedder: its first numbers. A changed runtime that gives others loads no pack. */
    selfTest: z.strictObject({ first: z.array(z.number()).length(8), toleranceMax: z.number().positive().max(0.05) }),
    licences: z
      .array(z.strictObject({ file: fileName, spdx: z.string().max(60), provenance: z.string().max(600), commercialUse: z.boolean() }))
      .min(1)
      .max(10),
  })
  .superRefine(({ files, licences }, context) => {
    for (const { path } of Object.values(files)) {
      const isStated = licences.some(({ file }) => file === path);
      if (!isStated) context.addIssue({ code: 'custom', path: ['licences'], message: `nothing is said of the terms of ${path}` });
    }
  });
export type PackManifest = z.infer<typeof packManifestSchema>;
export type ModelRole = keyof PackManifest['files'];
export const MODEL_ROLES = ['detector', 'mesh', 'embedder', 'liveness'] as const satisfies readonly ModelRole[];

/** Names a pack in templates and attestations: the SHA-256 of its manifest as written, hex. */
export function packHash(manifestText: string): string {
  return createHash('sha256').update(manifestText, 'utf8').digest('hex');
}
