import { expect, it } from 'vitest';
import { createOpaBinaryToolchain } from '#adapters/rego-toolchain/opa-binary.ts';
import { readPolicySchemas, readPolicySources } from '#adapters/rego-toolchain/policy-sources.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import { opaProgram } from '#test/support/peers/opa-program.ts';
import { regoToolchainContract } from './rego-toolchain.ts';

regoToolchainContract('WASI', () => createRegoToolchain());

const program = opaProgram();
regoToolchainContract('the opa program', () => createOpaBinaryToolchain({ program, timeoutMs: 10_000 }));

/** What is run. The static part also holds what `opa` leaves out: descriptions of built-ins. */
const partsOf = (plan: unknown): unknown => {
  const { plans, funcs } = plan as Readonly<Record<string, unknown>>;
  return { plans, funcs };
};

it('makes of the default policy the WASM and the plan that opa makes', async () => {
  const request = {
    files: await readPolicySources(),
    schemas: await readPolicySchemas(),
    hostBuiltins: HOST_BUILTINS,
    entrypoints: ['gatehouse/access/decision'],
    plan: true,
  };
  const own = await createRegoToolchain().compile(request);
  const opas = await createOpaBinaryToolchain({ program }).compile(request);
  if (!own.ok || !opas.ok) throw new Error(JSON.stringify([own, opas]));
  expect(partsOf(own.plan)).toStrictEqual(partsOf(opas.plan));
  expect(Buffer.compare(own.wasm, opas.wasm)).toBe(0);
});
