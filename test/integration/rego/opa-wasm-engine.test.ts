import { beforeAll, describe, expect, it } from 'vitest';
import { loadPolicyBundle, type PolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { INPUT_BYTES_MAX } from '#adapters/rego/wasm/policy-instance.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';

const utf8 = new TextEncoder();
const toolchain = createRegoToolchain();
let shipped: PolicyBundle;
beforeAll(async () => {
  shipped = await loadPolicyBundle();
});

async function engineOf(rego: string, hostBuiltins: readonly string[] = []): Promise<PolicyEngine> {
  const compiled = await toolchain.compile({
    files: [{ path: 'p.rego', text: `package gatehouse.access\n\n${rego}\n` }],
    entrypoints: ['gatehouse/access/decision'],
    hostBuiltins,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return createOpaWasmEngine({ ...shipped, wasm: compiled.wasm });
}

const ask = (engine: PolicyEngine, input: unknown): unknown => engine.evaluate(utf8.encode(JSON.stringify(input)));
const FAILED = expect.objectContaining({ code: 'policy.evaluation_failed' }) as unknown;

describe('an evaluation', () => {
  it('gives the value of the entrypoint', async () => {
    const engine = await engineOf('decision := {"n": input.n + 1}');
    expect(ask(engine, { n: 1 })).toEqual({ n: 2 });
  });

  it('gives undefined for an undefined entrypoint', async () => {
    expect(ask(await engineOf('decision := true if input.n == 2'), { n: 1 })).toBeUndefined();
  });

  it('leaves nothing for the next one', async () => {
    const engine = await engineOf('decision := object.get(input, "n", "none")');
    expect(ask(engine, { n: 'x'.repeat(2000) })).toHaveLength(2000);
    expect(ask(engine, {})).toBe('none');
  });

  it('answers 100,000 times without growing', async () => {
    const engine = await createOpaWasmEngine(shipped);
    const input = utf8.encode('{"subject":{"id":"ann"}}');
    for (let count = 0; count < 100_000; count += 1) engine.evaluate(input);
    expect(engine.evaluate(input)).toMatchObject({ allow: false });
  });

  it('keeps identifiers beyond 2^53 apart, as strings', async () => {
    const engine = await engineOf('decision := {"same": input.a == input.b, "a": input.a}');
    expect(ask(engine, { a: '36028797018963967', b: '36028797018963968' })).toEqual({ same: false, a: '36028797018963967' });
  });

  it('passes text of every kind through unharmed', async () => {
    const engine = await engineOf('decision := input.text');
    for (const text of ['', 'Zoë', '日本', '🚪', '"\\\n\t\u0001', 'a\u0000b']) expect(ask(engine, { text })).toBe(text);
  });

  it('puts sets into canonical order, nested ones too', async () => {
    const engine = await engineOf(
      'decision := {"set": {x | some x in input.list}, "nested": {{"id": x, "of": {1, 10, 2}} | some x in input.list}}',
    );
    const list = Array.from({ length: 50 }, (_, index) => `reason.${String((index * 7919) % 50)}`);
    const sorted = [...list].sort();
    const answer = ask(engine, { list });
    expect(answer).toEqual({ set: sorted, nested: sorted.map((id) => ({ id, of: [1, 10, 2] })) });
    expect(JSON.stringify(ask(engine, { list: list.reverse() }))).toBe(JSON.stringify(answer));
  });
});

describe('an evaluation that goes wrong', () => {
  it.each([
    ['nothing', ''],
    ['a truncated object', '{"n":1'],
    ['an object with garbage inside', '{"n":nul}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['false', 'false'],
    ['zero', '0'],
    ['an empty string', '""'],
    ['text after the object', '{"n":1} x'],
    ['two closing braces too many of nothing', '{"n":}}'],
  ])('refuses %s as input', async (_name, text) => {
    const engine = await engineOf('decision := true');
    expect(() => engine.evaluate(utf8.encode(text))).toThrow(FAILED);
    expect(ask(engine, {})).toBe(true);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const engine = await engineOf('decision := {"echo": input.text}');
    const bytes = Uint8Array.of(...utf8.encode('{"text":"'), 0xff, 0xfe, ...utf8.encode('"}'));
    expect(() => engine.evaluate(bytes)).toThrow(FAILED);
  });

  it('refuses an input over the limit and takes one of exactly the limit', async () => {
    const engine = await engineOf('decision := count(input.text)');
    const lengthBytes = INPUT_BYTES_MAX - '{"text":""}'.length;
    expect(ask(engine, { text: 'x'.repeat(lengthBytes) })).toBe(lengthBytes);
    expect(() => ask(engine, { text: 'x'.repeat(lengthBytes + 1) })).toThrow(FAILED);
  });

  it('refuses an input nested too deeply and lives on', async () => {
    const engine = await engineOf('decision := true');
    expect(() => engine.evaluate(utf8.encode(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`))).toThrow(FAILED);
    expect(ask(engine, {})).toBe(true);
  });

  it('turns conflicting rules into an error and decides the next one', async () => {
    const engine = await engineOf('decision := 1 if input.a\n\ndecision := 2 if input.b');
    expect(() => ask(engine, { a: true, b: true })).toThrow(FAILED);
    expect(ask(engine, { a: true })).toBe(1);
  });

  it('ends a policy that takes all memory, quickly, and decides the next one', async () => {
    const engine = await engineOf(
      'decision := count([1 | some i in numbers.range(1, input.n); some j in numbers.range(1, input.n); i != j])',
    );
    const startedAtMs = performance.now();
    expect(() => ask(engine, { n: 3000 })).toThrow(FAILED);
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    expect(ask(engine, { n: 3 })).toBe(6);
  });

  it('says nothing of the input in its public message', async () => {
    const engine = await engineOf('decision := 1 if input.secret\n\ndecision := 2 if input.secret');
    expect(() => ask(engine, { secret: 'hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as unknown }),
    );
  });
});

describe('loading', () => {
  it('refuses a policy that calls a built-in which the host does not have, before it is ever reached', async () => {
    const refused = engineOf('decision if json.patch(input, []) == {}', ['json.patch']);
    await expect(refused).rejects.toMatchObject({ code: 'policy.load_failed' });
  });

  it('takes a policy that calls a built-in of the host', async () => {
    const engine = await engineOf('decision := object.subset(input.whole, input.part)', ['object.subset']);
    expect(ask(engine, { whole: { a: 1, b: 2 }, part: { a: 1 } })).toBe(true);
    expect(ask(engine, { whole: { a: 1, b: 2 }, part: { a: 2 } })).toBe(false);
  });

  it('refuses an entrypoint that the module does not have', async () => {
    const manifest = { ...shipped.manifest, entrypoint: 'gatehouse/access/decisions' };
    await expect(createOpaWasmEngine({ ...shipped, manifest })).rejects.toMatchObject({ code: 'policy.load_failed' });
  });

  it.each([
    ['what is no module', utf8.encode('not wasm')],
    ['an empty module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ])('refuses %s', async (_name, wasm) => {
    await expect(createOpaWasmEngine({ ...shipped, wasm })).rejects.toMatchObject({ code: 'policy.load_failed' });
  });
});

function dataWith(grants: PolicyData['gatehouse']['grants']): PolicyData {
  return { gatehouse: { ...shipped.data.gatehouse, grants } };
}

describe('setData', () => {
  it('is seen by the next evaluation and names the data', async () => {
    const engine = await engineOf('decision := object.keys(data.gatehouse.grants)');
    const before = engine.dataRevision;
    engine.setData(dataWith({ 'person:ann': [], 'person:bob': [] }));
    expect(ask(engine, {})).toEqual(['person:ann', 'person:bob']);
    expect(engine.dataRevision).not.toBe(before);
    expect(engine.revision).toBe(shipped.manifest.revision);
    engine.setData(shipped.data);
    expect(engine.dataRevision).toBe(before);
  });

  it('gives the same revision whatever the order of keys', async () => {
    const engine = await createOpaWasmEngine(shipped);
    engine.setData(dataWith({ a: [], b: [] }));
    const revision = engine.dataRevision;
    engine.setData(dataWith({ b: [], a: [] }));
    expect(engine.dataRevision).toBe(revision);
  });

  it('keeps the old data when the new cannot be loaded', async () => {
    const engine = await engineOf('decision := count(data.gatehouse.grants)');
    engine.setData(dataWith({ 'person:ann': [] }));
    const revision = engine.dataRevision;
    const endless = dataWith({});
    (endless.gatehouse.grants as Record<string, unknown>)['loop'] = endless;
    expect(() => engine.setData(endless)).toThrow(expect.objectContaining({ code: 'policy.load_failed' }));
    expect(engine.dataRevision).toBe(revision);
    expect(ask(engine, {})).toBe(1);
  });

  it('survives a failed evaluation', async () => {
    const engine = await engineOf('decision := count(data.gatehouse.grants)');
    engine.setData(dataWith({ 'person:ann': [] }));
    expect(() => engine.evaluate(utf8.encode('{'))).toThrow(FAILED);
    expect(ask(engine, {})).toBe(1);
  });

  it('loads 20,000 holders within two seconds', async () => {
    const engine = await engineOf('decision := count(data.gatehouse.grants)');
    const grant = { id: 'grant-1', profile: 'office', schedule: 'always', valid_from_ms: 0, valid_until_ms: 0 };
    const many = dataWith(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`person:${String(index)}`, [grant]])));
    const startedAtMs = performance.now();
    engine.setData(many);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(ask(engine, {})).toBe(20_000);
  });
});
