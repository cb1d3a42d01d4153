import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';

/** Asks the compiler and has nothing more to do; the next compiler is started ahead and waits. */
const answer = await createRegoToolchain().check({ files: [{ path: 'a.rego', text: 'package a\n\nx := 1\n' }] });
process.stdout.write(JSON.stringify(answer));
