import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '..', 'fuzz');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** `npm run fuzz -- NAME [--frames N] [--seed S]`: the fuzzer reads the rest of the command line itself. */
const name = process.argv[2];
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run fuzz -- NAME [--frames N] [--seed S]\nfuzzers: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  await import(pathToFileURL(join(folder, `${name}.ts`)).href);
}
