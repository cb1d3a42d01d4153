import { describe, it } from 'vitest';
import { createOpaBinaryToolchain } from '#adapters/rego-toolchain/opa-binary.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { opaProgram } from '#test/support/opa-program.ts';
import { regoToolchainContract } from './rego-toolchain.ts';

regoToolchainContract('WASI', () => createRegoToolchain());

const program = opaProgram();
if (program === undefined) {
  describe('RegoToolchain: the opa program', () => {
    it.skip('needs opa on PATH, or Go to build it', () => undefined);
  });
} else {
  regoToolchainContract('the opa program', () => createOpaBinaryToolchain({ program, timeoutMs: 10_000 }));
}
