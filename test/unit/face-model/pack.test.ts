import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLUSH_BELOW, flushDenormals } from '#face-model/pack/flush-denormals.ts';
import { halfToFloat, readGraphModel } from '#face-model/pack/graph-model.ts';
import { packManifestSchema } from '#face-model/pack/manifest.ts';
import { OnnxGraph } from '#face-model/pack/onnx-graph.ts';
import { MessageWriter, numberOf, readFields } from '#face-model/pack/protobuf.ts';

describe('a message of Protocol Buffers', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }), (number, value, bytes) => {
        const message = new MessageWriter().varint(number, value).bytes(number, bytes).toBytes();
        const [first, second] = [...readFields(message)];
        expect(first === undefined ? null : [first.number, numberOf(message, first)]).toEqual([number, value]);
        expect(message.subarray(second?.start, second?.end)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('ends in an error of range, never in a loop or beyond its bytes, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          for (const { end } of readFields(bytes)) expect(end).toBeLessThanOrEqual(bytes.length);
        } catch (failure) {
          expect(failure).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

it('sets tiny weights of a model to 0 and leaves all others, to the bit', () => {
  const graph = new OnnxGraph();
  const weights = Float32Array.of(1, -1, 0, 1e-40, -1e-13, FLUSH_BELOW * 2, -0.5);
  graph.weights('w', [7], weights);
  graph.integers('shape', [1, -1]);
  const model = graph.toModel('test');
  const { flushed, onnx } = flushDenormals(model);
  expect(flushed).toBe(2);
  expect(onnx).toHaveLength(model.length);
  expect(flushDenormals(onnx).flushed).toBe(0);
  const changed = [...model.keys()].filter((i) => model[i] !== onnx[i]);
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.length).toBeLessThanOrEqual(8);
});

it('reads half-precision numbers', () => {
  expect([0x0000, 0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00].map(halfToFloat)).toEqual([0, 1, -2, 2 ** -24, 65_504, Number.POSITIVE_INFINITY]);
  expect(halfToFloat(0x7e00)).toBeNaN();
});

describe('a graph model', () => {
  const model = (shape: readonly number[]) =>
    JSON.stringify({
      format: 'graph-model',
      modelTopology: { node: [] },
      weightsManifest: [{ weights: [{ name: 'w', shape, dtype: 'float32', quantization: { dtype: 'float16' } }] }],
    });

  it('has exactly the weights that it names', () => {
    expect(readGraphModel(model([2]), Uint8Array.of(0, 0x3c, 0, 0xbc)).weights.get('w')?.values).toEqual(Float32Array.of(1, -1));
    expect(() => readGraphModel(model([3]), new Uint8Array(4))).toThrow('end inside w');
    expect(() => readGraphModel(model([1]), new Uint8Array(4))).toThrow('belong to nothing');
  });
});

it('ships a manifest that pins every package, every file of it and every result', async () => {
  const text = await readFile(new URL('../../../face-model/packs/default/pack.json', import.meta.url), 'utf8');
  const manifest = packManifestSchema.parse(JSON.parse(text));
  const made = manifest.sources.flatMap(({ files }) => files.map(({ to }) => to));
  expect(made.sort()).toEqual(
    Object.values(manifest.files)
      .map(({ path }) => path)
      .sort(),
  );
  expect(manifest.licences.map(({ file }) => file).sort()).toEqual(made);
  for (const { integrity } of manifest.sources) expect(Buffer.from(integrity.slice(7), 'base64')).toHaveLength(64);
  expect(createHash('sha256').update(text).digest('hex')).toMatch(/^[0-9a-f]{64}$/);
});

it.each(['--registry=https://example.com', '../elsewhere', 'https://example.com/a.tgz', 'name', 'name@latest', 'name@npm:other@1.0.0'])(
  'takes no package by %s: npm would read more into it than a name and a version',
  async (spec) => {
    const text = await readFile(new URL('../../../face-model/packs/default/pack.json', import.meta.url), 'utf8');
    const manifest = packManifestSchema.parse(JSON.parse(text));
    const sources = manifest.sources.map((source) => ({ ...source, spec }));
    expect(packManifestSchema.safeParse({ ...manifest, sources }).success).toBe(false);
  },
);
