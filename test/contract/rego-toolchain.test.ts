import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { regoToolchainContract } from './rego-toolchain.ts';

regoToolchainContract('WASI', () => createRegoToolchain());
