import { InferenceSession, Tensor } from 'onnxruntime-node';

/** One model, ready to run. Outputs are copies that the caller owns. */
export interface TensorModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Shape of an input or output, as the file states it; null = there is none of the name. */
  shapeOf(name: string): readonly number[] | null;
  run(input: Float32Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** One thread: more of them spin against each other on a small machine, and cameras are what is run side by side. */
export async function loadTensorModel(onnx: Uint8Array): Promise<TensorModel> {
  const session = await InferenceSession.create(onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const shapes = new Map(
    [...session.inputMetadata, ...session.outputMetadata].flatMap((one) =>
      one.isTensor ? [[one.name, one.shape.map(Number)] as const] : [],
    ),
  );
  const [input = ''] = session.inputNames;
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    shapeOf: (name) => shapes.get(name) ?? null,
    run: async (values, shape) => {
      const results = await session.run({ [input]: new Tensor('float32', values, [...shape]) });
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => {
          if (!(data instanceof Float32Array)) throw new TypeError(`${name} is no tensor of 32-bit numbers`);
          return [name, Float32Array.from(data)];
        }),
      );
    },
    close: async () => session.release(),
  };
}
