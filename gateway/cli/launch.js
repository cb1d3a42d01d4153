#!/usr/bin/env node
// Plain JavaScript, because `npx gatehouse` may be run by a system Node that cannot read TypeScript: it hands over to the Node that
// came with the packages.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '..', 'cli.ts');
const ownNode = join(here, '..', '..', 'node_modules', '.bin', 'node');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 12)) {
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal tells both; a service manager tells only us.
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => undefined);
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 1;
  });
} else {
  console.error(`gatehouse needs Node 24.12 or later and runs on ${process.versions.node}: run \`npm run setup\` once, it brings its own.`);
  process.exitCode = 1;
}
