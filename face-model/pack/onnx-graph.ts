import { MessageWriter } from './protobuf.ts';

/* Enumerations of onnx.proto. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const;
const IR_VERSION = 7;
const OPSET = 13;

export type AttributeValue = number | string | readonly number[];

/** An ONNX graph under construction: float32 throughout, tensors named by the caller. */
export class OnnxGraph {
  readonly #graph = new MessageWriter();

  node(op: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, AttributeValue>> = {}): void {
    const node = new MessageWriter();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, toAttribute(name, value));
    this.#graph.message(1, node);
  }

  /** A constant, little-endian. */
  weights(name: string, shape: readonly number[], values: Float32Array): void {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => view.setFloat32(i * 4, value, true));
    this.#initializer(name, shape, FLOAT, bytes);
  }

  integers(name: string, values: readonly number[]): void {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => view.setBigInt64(i * 8, BigInt(value), true));
    this.#initializer(name, [values.length], INT64, bytes);
  }

  #initializer(name: string, shape: readonly number[], type: number, raw: Uint8Array): void {
    this.#graph.message(5, new MessageWriter().varints(1, shape).varint(2, type).text(8, name).bytes(9, raw));
  }

  input(name: string, shape: readonly number[]): void {
    this.#graph.message(11, toValueInfo(name, shape));
  }

  output(name: string, shape: readonly number[]): void {
    this.#graph.message(12, toValueInfo(name, shape));
  }

  /** The file. The same calls in the same order are the same bytes. */
  toModel(name: string): Uint8Array {
    this.#graph.text(2, name);
    const opset = new MessageWriter().text(1, '').varint(2, OPSET);
    return new MessageWriter().varint(1, IR_VERSION).text(2, 'gatehouse').message(7, this.#graph).message(8, opset).toBytes();
  }
}

function toAttribute(name: string, value: AttributeValue): MessageWriter {
  const attribute = new MessageWriter().text(1, name);
  if (typeof value === 'string') return attribute.text(4, value).varint(20, ATTRIBUTE.text);
  if (typeof value !== 'number') return attribute.varints(8, value).varint(20, ATTRIBUTE.ints);
  return Number.isInteger(value)
    ? attribute.varint(3, value).varint(20, ATTRIBUTE.int)
    : attribute.float(2, value).varint(20, ATTRIBUTE.float);
}

function toValueInfo(name: string, shape: readonly number[]): MessageWriter {
  const dimensions = new MessageWriter();
  for (const size of shape) dimensions.message(1, new MessageWriter().varint(1, size));
  const tensor = new MessageWriter().varint(1, FLOAT).message(2, dimensions);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}
