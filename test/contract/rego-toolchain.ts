import { describe, expect, it } from 'vitest';
import type { RegoProblem, RegoRefusal, RegoToolchain } from '#gateway/ports/rego-toolchain.ts';

const INPUT_SCHEMA = {
  type: 'object',
  properties: {
    subject: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], additionalProperties: false },
  },
  required: ['subject'],
  additionalProperties: false,
};

const file = (text: string) => [{ path: 'door.rego', text: `package door\n\n${text}\n` }];
const VALID = file('default allow := false\n\nallow if input.subject.id == data.owner');

function problemsOf(result: { readonly ok: true } | RegoRefusal): readonly RegoProblem[] {
  return result.ok ? [] : result.problems;
}

/** What every Rego compiler behind the port must do. */
export function regoToolchainContract(name: string, make: () => RegoToolchain): void {
  describe(`RegoToolchain: ${name}`, () => {
    const toolchain = make();

    it('accepts a valid policy', async () => {
      expect(await toolchain.check({ files: VALID, schemas: { input: INPUT_SCHEMA } })).toEqual({ ok: true });
    });

    it.each([
      ['http.send', 'x := http.send({"method": "get", "url": "http://127.0.0.1"})', 3, 6],
      ['sprintf', 'x := "a"\n\ny := sprintf("%v", [x])', 5, 6],
      ['time.now_ns', 'x if time.now_ns() > 0', 3, 6],
      ['opa.runtime', 'x := opa.runtime()', 3, 6],
      ['object.subset', 'x if object.subset(input, {})', 3, 6],
    ])('refuses the built-in %s with its place', async (builtin, text, row, col) => {
      const problems = problemsOf(await toolchain.check({ files: file(text) }));
      expect(problems).toMatchObject([{ file: 'door.rego', row, col }]);
      expect(problems[0]?.message).toContain(builtin);
    });

    it('allows a built-in that the host is said to implement', async () => {
      const files = file('x if object.subset(input, {})');
      expect(await toolchain.check({ files, hostBuiltins: ['object.subset'] })).toEqual({ ok: true });
    });

    it.each([
      ['a mistyped field', 'allow if input.subjct.id == "a"', 3, 10],
      ['a mistyped nested field', 'allow if input.subject.ID == "a"', 3, 10],
      ['a comparison of different types', 'allow if input.subject.id == 3', 3, 10],
    ])('refuses %s of the input with its place', async (_name, text, row, col) => {
      const result = await toolchain.check({ files: file(text), schemas: { input: INPUT_SCHEMA } });
      expect(problemsOf(result)).toMatchObject([{ code: 'rego_type_error', file: 'door.rego', row, col }]);
    });

    it.each([
      ['a syntax error', 'allow if {', 'rego_parse_error'],
      ['an unused variable (strict)', 'allow if {\n\tx := 1\n\tinput.a\n}', 'rego_compile_error'],
      ['a recursion', 'a if b\n\nb if a', 'rego_recursion_error'],
      ['an unsafe variable', 'allow if x > 1', 'rego_unsafe_var_error'],
    ])('refuses %s', async (_name, text, code) => {
      const problems = problemsOf(await toolchain.check({ files: file(text) }));
      expect(problems[0]).toMatchObject({ code, file: 'door.rego' });
      expect(problems[0]?.row).toBeGreaterThan(0);
      expect(problems[0]?.col).toBeGreaterThan(0);
    });

    it('refuses an empty set of files', async () => {
      expect(problemsOf(await toolchain.check({ files: [] }))).not.toEqual([]);
    });

    it('compiles to a WebAssembly module that calls no host function', async () => {
      const result = await toolchain.compile({ files: VALID, entrypoints: ['door/allow'] });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      const module = new WebAssembly.Module(result.wasm);
      expect(WebAssembly.Module.exports(module).map((one) => one.name)).toContain('opa_eval');
      expect(result.plan).toBeUndefined();
    });

    it('gives the plan when asked for it', async () => {
      const result = await toolchain.compile({ files: VALID, entrypoints: ['door/allow'], plan: true });
      expect(result).toMatchObject({ ok: true, plan: { plans: { plans: [{ name: 'door/allow' }] } } });
    });

    it('refuses an entrypoint that does not exist', async () => {
      const result = await toolchain.compile({ files: VALID, entrypoints: ['door/alow'] });
      expect(problemsOf(result)[0]?.message).toContain('door/alow');
    });

    it('refuses to compile what check refuses', async () => {
      const result = await toolchain.compile({ files: file('x := sprintf("%v", [1])'), entrypoints: ['door/x'] });
      expect(problemsOf(result)).toMatchObject([{ row: 3, col: 6 }]);
    });

    it('compiles the same policy to the same bytes', async () => {
      const request = { files: VALID, entrypoints: ['door/allow'], plan: true };
      const [first, second] = [await toolchain.compile(request), await toolchain.compile(request)];
      expect(first.ok).toBe(true);
      expect(second).toEqual(first);
    });

    it('formats, and formatting again changes nothing', async () => {
      const once = await toolchain.format([{ path: 'a.rego', text: 'package a\nx:=[1,\n2]\nallow   if  { x[_]==1 }' }]);
      if (!once.ok) throw new Error(JSON.stringify(once.problems));
      expect(once.files[0]?.text).toMatch(/^package a\n\nx := \[/);
      expect(await toolchain.format(once.files)).toEqual(once);
    });

    it('answers a file that does not parse with its place instead of a layout', async () => {
      const result = await toolchain.format([{ path: 'a.rego', text: 'package a\n\nx := {' }]);
      expect(problemsOf(result)[0]).toMatchObject({ code: 'rego_parse_error', file: 'a.rego', row: 3 });
    });

    it('runs tests with the data document and tells which lines they reached', async () => {
      const tests = {
        path: 'door_test.rego',
        text: [
          'package door_test',
          '',
          'import data.door',
          '',
          'test_owner if door.allow with input as {"subject": {"id": "ann"}}',
          '',
          'test_stranger if door.allow with input as {"subject": {"id": "bob"}}',
        ].join('\n'),
      };
      const unreached = file('default allow := false\n\nallow if input.subject.id == data.owner\n\nother if {\n\tinput.never\n}');
      const run = await toolchain.test({ files: [...unreached, tests], data: { owner: 'ann' } });
      if (!run.ok) throw new Error(JSON.stringify(run.problems));
      expect(run.allPassed).toBe(false);
      expect(run.tests.map((test) => [test.name, test.pass, test.row])).toEqual([
        ['test_owner', true, 5],
        ['test_stranger', false, 7],
      ]);
      const policy = run.coverage.find((found) => found.file === 'door.rego');
      expect(policy?.covered).toEqual([3, 5]);
      expect(policy?.notCovered).toEqual([7, 8]);
    });

    it('explains an evaluation: what failed, where, and the value', async () => {
      const text =
        'allow if {\n\tinput.subject.id == data.owner\n\tinput.late == true\n}\n\nwhy := {"allowed": object.get({"a": 1}, "a", 2)}';
      const input = { subject: { id: 'ann' }, late: false };
      const denied = await toolchain.explain({ files: file(text), entrypoint: 'door/allow', input, data: { owner: 'ann' } });
      if (!denied.ok) throw new Error(JSON.stringify(denied.problems));
      expect(denied.result).toBeUndefined();
      expect(denied.truncated).toBe(false);
      const failed = denied.trace.filter((step) => step.op === 'fail');
      expect(failed[0]).toMatchObject({ file: 'door.rego', row: 5, col: 2 });
      expect(failed[0]?.text).toContain('input.late == true');
      expect(denied.trace.some((step) => step.op === 'enter' && step.row === 3)).toBe(true);
      const found = await toolchain.explain({ files: file(text), entrypoint: 'door/why', input });
      expect(found).toMatchObject({ ok: true, result: { allowed: 1 } });
    });

    it('ends a trace at its limit and says so, or is stopped at its time limit', async () => {
      const text = 'many := [x | some x in numbers.range(1, 5001); x > 9000]';
      const explaining = toolchain.explain({ files: file(text), entrypoint: 'door/many', input: {} });
      const found = await explaining.catch((error: unknown) => error as { readonly code: string });
      if ('code' in found) return expect(found.code).toBe('policy.toolchain_timed_out');
      expect(found).toMatchObject({ ok: true, result: [], truncated: true });
      return expect(found.ok ? found.trace.length : 0).toBe(5000);
    });

    it('refuses to explain a rule that does not exist, and what check refuses', async () => {
      const absent = await toolchain.explain({ files: VALID, entrypoint: 'door/alow', input: {} });
      expect(problemsOf(absent)[0]?.message).toContain('door/alow');
      const refused = await toolchain.explain({ files: file('x := sprintf("%v", [1])'), entrypoint: 'door/x', input: {} });
      expect(problemsOf(refused)).toMatchObject([{ row: 3, col: 6 }]);
    });

    it('answers an evaluation that ends in a conflict with its place', async () => {
      const files = file('x := 1 if input.a\n\nx := 2 if input.b');
      const found = await toolchain.explain({ files, entrypoint: 'door/x', input: { a: true, b: true } });
      expect(problemsOf(found)).toMatchObject([{ code: 'eval_conflict_error', file: 'door.rego' }]);
      expect([3, 5]).toContain(problemsOf(found)[0]?.row);
    });

    it('lets tests use no more built-ins than the policy', async () => {
      const files = file('test_clock if time.now_ns() > 0');
      expect(problemsOf(await toolchain.test({ files }))).toMatchObject([{ row: 3 }]);
    });
  });
}
