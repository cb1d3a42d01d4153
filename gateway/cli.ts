import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { askSecretly } from './cli/ask-secretly.ts';
import { createOutput } from './cli/output.ts';
import { readInputLines } from './cli/read-input-lines.ts';
import { runCli } from './cli/run-cli.ts';
import { readEnvironment } from './platform/environment.ts';
import { checkNodeVersion, keepNewFilesPrivate } from './platform/preconditions.ts';

/** Standard input as text; null when it is longer than `bytesMax`. */
async function readInput(bytesMax: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length;
    if (lengthBytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return version;
}

const problem = checkNodeVersion(process.versions.node);
if (problem !== null) {
  console.error(`gatehouse: ${problem}`);
  process.exit(2);
}

keepNewFilesPrivate();
// `gatehouse ... | head` closes the pipe when it has seen enough: that ends the command and is no failure.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE') throw failure;
  process.exit(0);
});

const env = readEnvironment();
process.exitCode = await runCli(process.argv.slice(2), {
  out: createOutput(process.stdout, process.stderr, env['NO_COLOR'] !== undefined),
  env,
  cwd: process.cwd(),
  readInput,
  ...(process.stdin.isTTY ? { askSecretly } : {}),
  readLines: (signal) => readInputLines(process.stdin, signal),
  randomBytes: (lengthBytes) => Uint8Array.from(randomBytes(lengthBytes)),
  tools: async () => (await import('./compose-tools.ts')).createCliTools(),
  start: async (settings) => (await import('./start.ts')).start(settings),
  version: readVersion(),
  catchInterrupt: () => {
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    return interrupt.signal;
  },
});
