import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { NATIVE_BUILTINS } from '#adapters/rego-toolchain/native-builtins.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { opaProgram } from '#test/support/peers/opa-program.ts';

interface Known {
  readonly name: string;
  readonly decl: { readonly args?: readonly unknown[]; readonly result?: unknown };
}

/** Every built-in of the OPA version that the compiler is built from. */
const known = (JSON.parse(execFileSync(opaProgram(), ['capabilities', '--current'], { encoding: 'utf8' })) as { builtins: Known[] })
  .builtins;
/** Written as `=` and `:=`, never called; what the compiler itself takes out; and what only tests may use. */
const NO_CALLS: ReadonlySet<string> = new Set(['eq', 'assign', 'print', 'internal.print', 'internal.test_case']);
/** The compiler stops after ten errors. */
const AT_ONCE = 5;
const TIMEOUT_MS = 120_000;

const toolchain = createRegoToolchain({ timeoutMs: TIMEOUT_MS });

const ruleOf = ({ name, decl }: Known, at: number): string => {
  const call = `${name}(${(decl.args ?? []).map((_, index) => `input.a${String(index)}`).join(', ')})`;
  return decl.result === undefined ? `r${String(at)} if ${call}` : `r${String(at)} := ${call}`;
};
const check = (some: readonly Known[]) =>
  toolchain.check({ files: [{ path: 'all.rego', text: `package all\n\n${some.map(ruleOf).join('\n\n')}\n` }] });

describe('the list of native built-ins', () => {
  it('names only what this version of OPA has', () => {
    const names = new Set(known.map(({ name }) => name));
    expect([...NATIVE_BUILTINS].filter((name) => !names.has(name))).toEqual([]);
  });

  it(
    'names nothing that the compiler refuses',
    async () => {
      const native = known.filter(({ name }) => NATIVE_BUILTINS.has(name) && !NO_CALLS.has(name));
      expect(native.length).toBeGreaterThan(90);
      const answer = await check(native);
      const messages = answer.ok ? [] : answer.problems.map(({ message }) => message);
      // Fewer than the compiler's ten, so that none is hidden behind them.
      expect(messages.length).toBeLessThan(10);
      // Old names are refused for their age: they are known all the same.
      expect(messages.filter((message) => !message.startsWith('deprecated built-in'))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'names all that the compiler takes',
    async () => {
      const others = known.filter(({ name }) => !NATIVE_BUILTINS.has(name) && !NO_CALLS.has(name));
      expect(others.length).toBeGreaterThan(80);
      for (let start = 0; start < others.length; start += AT_ONCE) {
        const some = others.slice(start, start + AT_ONCE);
        const answer = await check(some);
        const messages = answer.ok ? [] : answer.problems.map(({ message }) => message);
        for (const { name } of some) expect(messages).toContainEqual(expect.stringContaining(name));
      }
    },
    TIMEOUT_MS,
  );
});
