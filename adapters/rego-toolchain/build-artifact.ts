/**
 * Builds the compiler with Go and writes the compressed artifact with its manifest; with `--verify` builds it again and proves
 * that the committed one is that, bit for bit. Only this script needs Go.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { ARTIFACT_DIR, MANIFEST_FILE, hashOf, readArtifact, type ArtifactManifest } from './artifact.ts';

const SOURCE_DIR = fileURLToPath(new URL('../../policies/toolchain/', import.meta.url));
/** Nothing of the machine may enter the build: no local paths, no version control, no experiments, no newer Go. */
const BUILD_FLAGS = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w -buildid='];

function run(command: readonly string[], env: NodeJS.ProcessEnv): string {
  const [program = '', ...args] = command;
  return execFileSync(program, args, { cwd: SOURCE_DIR, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

async function goVersionOf(): Promise<string> {
  const version = /^toolchain (go\S+)$/m.exec(await readFile(join(SOURCE_DIR, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) throw new TypeError('go.mod names no toolchain');
  return version;
}

async function build(goVersion: string): Promise<{ readonly raw: Buffer; readonly opaVersion: string }> {
  const env = {
    ...process.env,
    GOTOOLCHAIN: goVersion,
    GOOS: 'wasip1',
    GOARCH: 'wasm',
    GOWASM: '',
    GOFLAGS: '',
    GOEXPERIMENT: '',
    CGO_ENABLED: '0',
  };
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-rego-'));
  try {
    const output = join(dir, 'gatehouse-rego.wasm');
    run(['go', 'build', ...BUILD_FLAGS, '-o', output, '.'], env);
    const opaVersion = run(['go', 'list', '-m', '-f', '{{.Version}}', 'github.com/open-policy-agent/opa'], env);
    return { raw: await readFile(output), opaVersion };
  } finally {
    await rm(dir, { recursive: true });
  }
}

function compress(raw: Buffer): Buffer {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  };
  return brotliCompressSync(raw, { params });
}

const verifyOnly = process.argv.includes('--verify');
const goVersion = await goVersionOf();
const { raw, opaVersion } = await build(goVersion);
const rawHash = hashOf(raw).toString('hex');
if (verifyOnly) {
  const committed = await readArtifact(ARTIFACT_DIR);
  if (!raw.equals(committed)) {
    throw new Error(`not reproduced: built ${rawHash}, committed ${hashOf(committed).toString('hex')}`);
  }
  process.stdout.write(`identical: ${rawHash} (${goVersion}, OPA ${opaVersion})\n`);
} else {
  const compressed = compress(raw);
  const manifest: ArtifactManifest = {
    file: 'gatehouse-rego.wasm.br',
    compressed_sha256: hashOf(compressed).toString('hex'),
    compressed_bytes: compressed.length,
    raw_sha256: rawHash,
    raw_bytes: raw.length,
    go_version: goVersion,
    opa_version: opaVersion,
  };
  await writeFile(new URL(manifest.file, ARTIFACT_DIR), compressed);
  await writeFile(new URL(MANIFEST_FILE, ARTIFACT_DIR), `${JSON.stringify(manifest, null, 2)}\n`);
  process.stdout.write(`built ${rawHash}: ${String(raw.length)} bytes, ${String(compressed.length)} compressed\n`);
}
