import { z } from 'zod';

/** Weights of one file, bytes at most: the mesh has 1.5 MB. */
export const GRAPH_WEIGHTS_BYTES_MAX = 64 * 1024 * 1024;

const longs = z.object({ list: z.object({ i: z.array(z.string()) }) });
const base64Texts = z.object({ list: z.object({ s: z.array(z.string()) }) });

const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z
    .object({
      strides: longs.optional(),
      ksize: longs.optional(),
      dilations: longs.optional(),
      padding: z.object({ s: z.string() }).optional(),
      fused_ops: base64Texts.optional(),
      data_format: z.object({ s: z.string() }).optional(),
    })
    .default({}),
});
export type GraphNode = z.infer<typeof nodeSchema>;

const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});

const graphModelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: z.array(z.object({ weights: z.array(weightSchema) })).length(1),
});

export interface GraphWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  readonly weights: ReadonlyMap<string, GraphWeight>;
}

/** A TensorFlow.js graph model: the JSON and the binary file that it describes. @throws Error when they do not belong together */
export function readGraphModel(json: string, bytes: Uint8Array): GraphModel {
  const model = graphModelSchema.parse(JSON.parse(json));
  if (bytes.length > GRAPH_WEIGHTS_BYTES_MAX) throw new RangeError('the weights are larger than any model of a pack');
  const weights = new Map<string, GraphWeight>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const { dtype, name, quantization, shape } of model.weightsManifest.flatMap((group) => group.weights)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const width = quantization === undefined ? 4 : 2;
    if (at + count * width > bytes.length) throw new RangeError(`the weights end inside ${name}`);
    const read = (i: number): number => {
      if (dtype === 'int32') return view.getInt32(at + i * 4, true);
      return quantization === undefined ? view.getFloat32(at + i * 4, true) : halfToFloat(view.getUint16(at + i * 2, true));
    };
    const values = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i += 1) values[i] = read(i);
    weights.set(name, { shape, values });
    at += count * width;
  }
  if (at !== bytes.length) throw new RangeError(`${String(bytes.length - at)} bytes of weights belong to nothing`);
  return { nodes: model.modelTopology.node, weights };
}

/** IEEE 754 binary16. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
