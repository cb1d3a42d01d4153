import { readGraphModel, type GraphModel, type GraphNode, type GraphWeight } from './graph-model.ts';
import { OnnxGraph, type AttributeValue } from './onnx-graph.ts';

/** Names of the converted model: an image in, landmarks and the presence of a face out. */
export const MESH_TENSORS = { image: 'image', mesh: 'mesh', flag: 'flag' } as const;
const SIZE = 192;
const LANDMARKS = 468;

/**
 * The face mesh as ONNX: TensorFlow keeps channels last, ONNX first, so weights are turned once here and the image at the entrance. The
 * same input gives the same bytes.
 * @throws Error an operation is none of those that this model consists of
 */
export function meshToOnnx(json: string, weights: Uint8Array): Uint8Array {
  const model = readGraphModel(json, weights);
  const graph = new OnnxGraph();
  graph.input(MESH_TENSORS.image, [1, SIZE, SIZE, 3]);
  graph.output(MESH_TENSORS.mesh, [1, LANDMARKS * 3]);
  graph.output(MESH_TENSORS.flag, [1, 1]);
  const turn = new Conversion(graph, model);
  for (const node of inOrder(model)) turn.add(node);
  turn.end('Identity_2', MESH_TENSORS.mesh);
  turn.end('Identity_1', MESH_TENSORS.flag);
  return graph.toModel('face mesh');
}

/** ONNX wants each value made before it is used. */
function inOrder({ nodes }: GraphModel): readonly GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  const ordered: GraphNode[] = [];
  const visit = (node: GraphNode): void => {
    if (done.has(node.name)) return;
    done.add(node.name);
    for (const input of node.input) {
      const source = byName.get(input);
      if (source !== undefined) visit(source);
    }
    ordered.push(node);
  };
  for (const name of ['Identity_2', 'Identity_1']) {
    const node = byName.get(name);
    if (node === undefined) throw new Error(`the model has no output ${name}`);
    visit(node);
  }
  return ordered;
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');
const numbers = (list: { list: { i: readonly string[] } } | undefined): readonly number[] => (list?.list.i ?? []).map(Number);

class Conversion {
  readonly #graph: OnnxGraph;
  readonly #model: GraphModel;
  readonly #written = new Set<string>();
  readonly #results = new Map<string, string>();

  constructor(graph: OnnxGraph, model: GraphModel) {
    this.#graph = graph;
    this.#model = model;
  }

  add(node: GraphNode): void {
    const [first = ''] = node.input;
    const data = this.#results.get(first) ?? first;
    switch (node.op) {
      case 'Const':
        return;
      case 'Placeholder':
        this.#graph.node('Transpose', [MESH_TENSORS.image], node.name, { perm: [0, 3, 1, 2] });
        break;
      case '_FusedConv2D':
        this.#convolution(node, data);
        return;
      case 'DepthwiseConv2dNative':
        this.#graph.node('Conv', [data, this.#kernel(node, 'depthwise')], node.name, this.#window(node, this.#shape(node)));
        break;
      case 'AddV2':
        this.#graph.node(
          'Add',
          node.input.map((input) => this.#results.get(input) ?? input),
          node.name,
        );
        break;
      case 'Prelu':
        this.#graph.node('PRelu', [data, this.#perChannel(node.input[1] ?? '')], node.name);
        break;
      case 'MaxPool':
        this.#graph.node('MaxPool', [data], node.name, {
          kernel_shape: numbers(node.attr.ksize).slice(1, 3),
          strides: numbers(node.attr.strides).slice(1, 3),
          auto_pad: autoPad(node),
        });
        break;
      case 'Pad':
        this.#pad(node, data);
        break;
      case 'Sigmoid':
        this.#graph.node('Sigmoid', [data], node.name);
        break;
      case 'Reshape':
        // One pixel is left: channels first and last are the same row.
        this.#graph.node('Flatten', [data], node.name, { axis: 1 });
        break;
      case 'Identity':
        this.#results.set(node.name, data);
        return;
      default:
        throw new Error(`${node.op} is no operation of this model`);
    }
    this.#results.set(node.name, node.name);
  }

  /** Gives a result the name of an output. */
  end(name: string, output: string): void {
    this.#graph.node('Identity', [this.#results.get(name) ?? name], output);
  }

  #convolution(node: GraphNode, data: string): void {
    const fused = (node.attr.fused_ops?.list.s ?? []).map(decode).join(' ');
    if (fused !== 'BiasAdd' && fused !== 'BiasAdd Prelu') throw new Error(`a convolution is fused with ${fused}`);
    const hasSlope = fused.endsWith('Prelu');
    const result = hasSlope ? `${node.name}/convolved` : node.name;
    const bias = this.#plain(node.input[2] ?? '');
    this.#graph.node('Conv', [data, this.#kernel(node, 'dense'), bias], result, this.#window(node, this.#shape(node)));
    if (hasSlope) this.#graph.node('PRelu', [result, this.#perChannel(node.input[3] ?? '')], node.name);
    this.#results.set(node.name, node.name);
  }

  #window(node: GraphNode, shape: readonly number[]): Readonly<Record<string, AttributeValue>> {
    if (numbers(node.attr.dilations).some((step) => step !== 1)) throw new Error(`${node.name} is dilated`);
    const [height = 1, width = 1, channels = 1] = shape;
    const group = node.op === 'DepthwiseConv2dNative' ? channels : 1;
    return { kernel_shape: [height, width], strides: numbers(node.attr.strides).slice(1, 3), auto_pad: autoPad(node), group };
  }

  #shape(node: GraphNode): readonly number[] {
    return this.#weight(node.input[1] ?? '').shape;
  }

  /** From [height, width, in, out] to [out, in, height, width]; a depthwise one has its channels as `in` and one `out` each. */
  #kernel(node: GraphNode, kind: 'dense' | 'depthwise'): string {
    const name = node.input[1] ?? '';
    const { shape, values } = this.#weight(name);
    const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
    if (kind === 'depthwise' && outputs !== 1) throw new Error(`${name} multiplies channels`);
    const turned = new Float32Array(values.length);
    let to = 0;
    const [outer, inner] = kind === 'dense' ? [outputs, inputs] : [inputs, 1];
    for (let o = 0; o < outer; o += 1) {
      for (let i = 0; i < inner; i += 1) {
        for (let pixel = 0; pixel < height * width; pixel += 1) {
          const [input, output] = kind === 'dense' ? [i, o] : [o, 0];
          turned[to] = values[(pixel * inputs + input) * outputs + output] ?? 0;
          to += 1;
        }
      }
    }
    return this.#write(name, [outer, inner, height, width], turned);
  }

  #perChannel(name: string): string {
    const { values } = this.#weight(name);
    return this.#write(name, [values.length, 1, 1], Float32Array.from(values));
  }

  #plain(name: string): string {
    const { values } = this.#weight(name);
    return this.#write(name, [values.length], Float32Array.from(values));
  }

  #pad(node: GraphNode, data: string): void {
    const [n0 = 0, n1 = 0, h0 = 0, h1 = 0, w0 = 0, w1 = 0, c0 = 0, c1 = 0] = this.#weight(node.input[1] ?? '').values;
    const pads = `${node.name}/pads`;
    this.#graph.integers(pads, [n0, c0, h0, w0, n1, c1, h1, w1]);
    this.#graph.node('Pad', [data, pads], node.name, { mode: 'constant' });
  }

  #write(name: string, shape: readonly number[], values: Float32Array): string {
    if (!this.#written.has(name)) this.#graph.weights(name, shape, values);
    this.#written.add(name);
    return name;
  }

  #weight(name: string): GraphWeight {
    const weight = this.#model.weights.get(name);
    if (weight === undefined) throw new Error(`there are no weights ${name}`);
    return weight;
  }
}

/** TensorFlow's SAME puts what is left over behind, as SAME_UPPER does. */
function autoPad(node: GraphNode): string {
  const padding = decode(node.attr.padding?.s ?? '');
  if (padding === 'SAME') return 'SAME_UPPER';
  if (padding === 'VALID') return 'VALID';
  throw new Error(`${node.name} is padded with ${padding}`);
}
