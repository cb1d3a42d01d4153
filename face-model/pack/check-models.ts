import { ANCHORS, REGRESSION_LENGTH } from '../geometry/detections.ts';
import { MESH_POINTS } from '../stages/find-landmarks.ts';
import type { TensorModel } from '../stages/tensor-model.ts';
import type { ModelRole, PackManifest } from './manifest.ts';
import { MESH_TENSORS } from './mesh-to-onnx.ts';
import { PackError } from './pack-error.ts';

type Outputs = Awaited<ReturnType<TensorModel['run']>>;

export function inputShape(role: ModelRole, { detector, liveness }: PackManifest): readonly number[] {
  if (role === 'detector') return [1, detector.size, detector.size, 3];
  if (role === 'mesh') return [1, 192, 192, 3];
  if (role === 'embedder') return [1, 3, 112, 112];
  return [1, 3, liveness.size, liveness.size];
}

/** A ramp of greys that is no face: its embedding shows that model and runtime do what they did when the pack was made. */
function selfTestInput(): Float32Array {
  return Float32Array.from({ length: 3 * 112 * 112 }, (_, i) => ((i * 37) % 256) / 128 - 1);
}

/**
 * Each model once, before the first face: one that answers in another form than its role's would find nobody for ever, and nobody would
 * know why. @throws PackError pack.model_unfit
 */
export async function checkModels(models: Readonly<Record<ModelRole, TensorModel>>, manifest: PackManifest): Promise<void> {
  for (const role of ['detector', 'mesh', 'liveness'] as const) {
    const shape = inputShape(role, manifest);
    const { path } = manifest.files[role];
    const input = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const outputs = await models[role].run(input, shape).catch((cause: unknown) => {
      throw new PackError('pack.model_unfit', path, { cause });
    });
    if (!answersAs(role, { outputs, model: models[role], manifest }))
      throw new PackError('pack.model_unfit', `${path}: answers in another form than a ${role}`);
  }
  await testItself(models.embedder, manifest);
}

interface Answered {
  readonly outputs: Outputs;
  readonly model: TensorModel;
  readonly manifest: PackManifest;
}

function answersAs(role: Exclude<ModelRole, 'embedder'>, { manifest, model, outputs }: Answered): boolean {
  if (role === 'liveness') return (Object.values(outputs)[0]?.length ?? 0) > manifest.liveness.liveClass;
  if (role === 'mesh') return outputs[MESH_TENSORS.mesh]?.length === 3 * MESH_POINTS && outputs[MESH_TENSORS.flag]?.length === 1;
  const numbers = (columns: number): number =>
    Object.entries(outputs).reduce((sum, [name, { length }]) => sum + (model.shapeOf(name)?.at(-1) === columns ? length : 0), 0);
  return numbers(1) === ANCHORS.length && numbers(REGRESSION_LENGTH) === ANCHORS.length * REGRESSION_LENGTH;
}

async function testItself(embedder: TensorModel, { embedder: { length }, files, selfTest }: PackManifest): Promise<void> {
  const outputs = await embedder.run(selfTestInput(), [1, 3, 112, 112]).catch((cause: unknown) => {
    throw new PackError('pack.model_unfit', files.embedder.path, { cause });
  });
  const [vector = new Float32Array()] = Object.values(outputs);
  const isClose = selfTest.first.every((value, i) => Math.abs((vector[i] ?? Number.NaN) - value) <= selfTest.toleranceMax);
  if (vector.length !== length || !isClose)
    throw new PackError('pack.model_unfit', `${files.embedder.path}: the self-test gives other numbers`);
}
