import { createOpaBinaryToolchain } from '#adapters/rego-toolchain/opa-binary.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { opaProgram } from '#test/support/opa-program.ts';
import { regoToolchainContract } from './rego-toolchain.ts';

regoToolchainContract('WASI', () => createRegoToolchain());

const program = opaProgram();
regoToolchainContract('the opa program', () => createOpaBinaryToolchain({ program, timeoutMs: 10_000 }));
