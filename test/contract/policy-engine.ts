import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';

/** One policy with every kind of answer: the data's holders, an input's set, nothing at all, and a conflict inside. */
export const POLICY = `package gatehouse.access

decision := object.keys(data.gatehouse.grants) if input.ask == "holders"

decision := {element | some element in input.list} if input.ask == "set"

decision := 1 if input.ask == "conflict"

decision := 2 if input.ask == "conflict"
`;

const FAILED = expect.objectContaining({ code: 'policy.evaluation_failed' }) as unknown;
const LOAD_FAILED = expect.objectContaining({ code: 'policy.load_failed' }) as unknown;
const SHA256 = /^[0-9a-f]{64}$/;

const encode = (input: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(input));
const dataOf = (...holders: readonly string[]): PolicyData => ({
  gatehouse: { profiles: {}, schedules: {}, operator_roles: {}, grants: Object.fromEntries(holders.map((holder) => [holder, []])) },
});

/** What every engine behind the port must do. `make` gives one that runs POLICY. */
export function policyEngineContract(name: string, make: () => Promise<PolicyEngine>): void {
  describe(`PolicyEngine: ${name}`, () => {
    let engine: PolicyEngine;
    const holders = (): unknown => engine.evaluate(encode({ ask: 'holders' }));
    beforeEach(async () => {
      engine = await make();
      engine.setData(dataOf('person:ann'));
    });

    it('keeps its revision, whatever data it is given and whatever it is asked', () => {
      const { revision } = engine;
      engine.setData(dataOf('person:bob'));
      holders();
      expect(() => engine.evaluate(encode({ ask: 'conflict' }))).toThrow(FAILED);
      expect(engine.revision).toBe(revision);
      expect(revision).toMatch(SHA256);
    });

    it('names the data by its content', () => {
      const before = engine.dataRevision;
      expect(before).toMatch(SHA256);
      engine.setData(dataOf('b', 'a'));
      const other = engine.dataRevision;
      expect(other).not.toBe(before);
      engine.setData(dataOf('a', 'b'));
      expect(engine.dataRevision).toBe(other);
      engine.setData(dataOf('person:ann'));
      expect(engine.dataRevision).toBe(before);
    });

    it('answers from the new data alone as soon as it is set', () => {
      expect(holders()).toEqual(['person:ann']);
      engine.setData(dataOf('person:bob', 'person:eve'));
      expect(holders()).toEqual(['person:bob', 'person:eve']);
    });

    it('is not changed by what becomes of the data afterwards', () => {
      const data = dataOf('person:bob');
      engine.setData(data);
      (data.gatehouse.grants as Record<string, unknown>)['person:eve'] = [];
      expect(() => engine.evaluate(encode({ ask: 'conflict' }))).toThrow(FAILED);
      expect(holders()).toEqual(['person:bob']);
    });

    it('keeps the old data, and its name, when the new cannot be loaded', () => {
      const { dataRevision } = engine;
      const endless = dataOf();
      (endless.gatehouse.grants as Record<string, unknown>)['loop'] = endless;
      expect(() => engine.setData(endless)).toThrow(LOAD_FAILED);
      expect(engine.dataRevision).toBe(dataRevision);
      expect(holders()).toEqual(['person:ann']);
    });

    it('gives undefined when the policy gives no answer', () => {
      expect(engine.evaluate(encode({ ask: 'nothing' }))).toBeUndefined();
    });

    it('gives sets in one order', () => {
      const list = Array.from({ length: 40 }, (_, index) => `reason.${String((index * 7919) % 40)}`);
      const sorted = [...list].sort();
      expect(engine.evaluate(encode({ ask: 'set', list }))).toEqual(sorted);
      expect(engine.evaluate(encode({ ask: 'set', list: list.reverse() }))).toEqual(sorted);
    });

    it.each([
      ['a conflict inside the policy', encode({ ask: 'conflict' })],
      ['nothing', new Uint8Array(0)],
      ['what is no JSON', new TextEncoder().encode('{"ask":')],
      ['what is no object', encode([])],
      ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ])('fails for %s, and decides the next one', (_what, input) => {
      for (let round = 0; round < 3; round += 1) expect(() => engine.evaluate(input)).toThrow(FAILED);
      expect(holders()).toEqual(['person:ann']);
    });

    it('takes new data after a failure', () => {
      expect(() => engine.evaluate(encode({ ask: 'conflict' }))).toThrow(FAILED);
      engine.setData(dataOf('person:bob'));
      expect(holders()).toEqual(['person:bob']);
    });

    it.each([
      ['a new holder', ['gatehouse', 'grants', 'person:bob'], [], dataOf('person:ann', 'person:bob')],
      ['another value where there was one', ['gatehouse', 'grants'], { 'person:eve': [] }, dataOf('person:eve')],
      ['one holder less', ['gatehouse', 'grants', 'person:ann'], undefined, dataOf()],
      ['nothing, where there was nothing', ['gatehouse', 'grants', 'person:bob'], undefined, dataOf('person:ann')],
      ['nothing, below nothing', ['elsewhere', 'below', 'here'], undefined, dataOf('person:ann')],
    ])('is, patched with %s, as if that had been set as a whole', (_what, path, value, whole) => {
      const { revision } = engine;
      engine.patchData(path, value);
      const [patched, dataRevision] = [holders(), engine.dataRevision];
      engine.setData(whole);
      expect(patched).toEqual(holders());
      expect(dataRevision).toBe(engine.dataRevision);
      expect(engine.revision).toBe(revision);
    });

    it('makes the objects on the way to what is patched in', () => {
      engine.patchData(['elsewhere', 'below', 'here'], { list: [1, 'Zoë', null] });
      const { dataRevision } = engine;
      engine.setData({ ...dataOf('person:ann'), elsewhere: { below: { here: { list: [1, 'Zoë', null] } } } } as PolicyData);
      expect(engine.dataRevision).toBe(dataRevision);
      expect(holders()).toEqual(['person:ann']);
    });

    it('takes one patch after the other, thousands of them, and ends at what they make', () => {
      for (let round = 0; round < 2_500; round += 1) {
        engine.patchData(['gatehouse', 'grants', `person:${String(round)}`], []);
        if (round >= 2) engine.patchData(['gatehouse', 'grants', `person:${String(round - 2)}`], undefined);
        if (round % 500 === 0) expect(holders()).toContain(`person:${String(round)}`);
      }
      expect(holders()).toEqual(['person:2498', 'person:2499', 'person:ann']);
      const { dataRevision } = engine;
      engine.setData(dataOf('person:2498', 'person:2499', 'person:ann'));
      expect(engine.dataRevision).toBe(dataRevision);
    });

    it('keeps its patches through a failure', () => {
      engine.patchData(['gatehouse', 'grants', 'person:bob'], []);
      expect(() => engine.evaluate(encode({ ask: 'conflict' }))).toThrow(FAILED);
      expect(holders()).toEqual(['person:ann', 'person:bob']);
    });

    it.each([
      ['no path', [], {}],
      ['a path of 17 keys', Array.from({ length: 17 }, () => 'key'), {}],
      ['a path through a list', ['gatehouse', 'grants', 'person:ann', 'below'], {}],
      ['what is no JSON', ['gatehouse', 'grants'], { loop: () => undefined }],
      ['more than 64 KiB', ['gatehouse', 'note'], 'x'.repeat(64 * 1024)],
    ])('refuses a patch with %s and keeps the old data, and its name', (_what, path, value) => {
      const { dataRevision } = engine;
      expect(() => engine.patchData(path, value)).toThrow(LOAD_FAILED);
      expect(engine.dataRevision).toBe(dataRevision);
      expect(holders()).toEqual(['person:ann']);
    });

    it('takes a patch with a path of 16 keys', () => {
      engine.patchData(
        Array.from({ length: 16 }, (_, index) => `key${String(index)}`),
        true,
      );
      expect(holders()).toEqual(['person:ann']);
    });

    it('is not changed by what becomes of a patch afterwards', () => {
      const grants: Record<string, unknown> = { 'person:bob': [] };
      engine.patchData(['gatehouse', 'grants'], grants);
      grants['person:eve'] = [];
      expect(() => engine.evaluate(encode({ ask: 'conflict' }))).toThrow(FAILED);
      expect(holders()).toEqual(['person:bob']);
    });

    it('leaves the input as it was', () => {
      const input = encode({ ask: 'holders' });
      const copy = Uint8Array.from(input);
      engine.evaluate(input);
      expect(input).toEqual(copy);
    });
  });
}
