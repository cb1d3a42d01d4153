import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient, type ApiClient } from '#gateway/cli/api-client.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

export interface RunningGateway {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number | undefined;
  /** Over the control socket: operator `local`. */
  readonly api: ApiClient;
  /** What it has printed so far. */
  output(): string;
  /** Runs `gatehouse ARGS` against this gateway. */
  cli(...args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** SIGTERM, and waits. Returns the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself. Returns the exit code. */
  exited(): Promise<number | null>;
}

export interface GatewayProcess {
  readonly dataDir: string;
  readonly port: number;
  /** Without it the gateway runs the demo site. */
  readonly configFile?: string;
  /** With a debugger's port, for what no interface of the gateway can do. */
  readonly inspect?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole gateway as a process of its own, as `npm start` runs it. Resolves when it answers /readyz. */
export async function startGateway(options: GatewayProcess): Promise<RunningGateway> {
  const { child, output } = launch(options);
  const url = `http://localhost:${options.port}`;
  await untilReady(child, url, output);
  return {
    url,
    dataDir: options.dataDir,
    pid: child.pid,
    api: createApiClient({ kind: 'socket', path: join(options.dataDir, 'control.sock') }),
    output,
    cli: (...args) => runGatehouse(options, args),
    stop: async () => {
      const exited = exitOf(child);
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
    kill: async () => {
      const exited = exitOf(child);
      child.kill('SIGKILL');
      await exited;
    },
    exited: () => exitOf(child),
  };
}

/** Starts the gateway without waiting for it: for starts that are refused, or are killed after `killAfterMs`. Resolves when it has ended. */
export async function runGatewayToItsEnd(
  options: GatewayProcess,
  killAfterMs: number = START_TIMEOUT_MS,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = launch(options);
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, output: output() };
}

function environmentOf(options: GatewayProcess): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GATEHOUSE_DATA_DIR: options.dataDir,
    GATEHOUSE_LISTEN_PORT: String(options.port),
    ...(options.configFile === undefined ? {} : { GATEHOUSE_CONFIG: options.configFile }),
    ...options.env,
  };
}

function launch(options: GatewayProcess) {
  const args = [...(options.inspect === true ? ['--inspect=127.0.0.1:0'] : []), join(ROOT, 'gateway/main.ts')];
  const child = spawn(process.execPath, args, {
    cwd: options.dataDir,
    env: environmentOf(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test run that ends early takes its gateways with it.
  const endWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithTests);
  child.once('exit', () => process.off('exit', endWithTests));
  let output = '';
  const collect = (text: string): void => void (output += text);
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  return { child, output: () => output };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the gateway ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    }
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady && output().includes('Gatehouse is at')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`the gateway was not ready in time:\n${output()}`);
}

/** Runs `gatehouse ARGS` as a process, with the surroundings that the gateway of `options` has or would have. */
export async function runGatehouse(
  options: GatewayProcess,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'gateway/cli.ts'), ...args], { cwd: options.dataDir, env: environmentOf(options) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/**
 * Below the ports that systems give to outgoing connections: one of those would take the port of a gateway that is being restarted. Behind
 * those that browsers and `fetch` call at no host (10080).
 */
const PORTS = { first: 10_100, count: 19_900 } as const;
const PORT_ATTEMPTS_MAX = 100;

/** A port that was free a moment ago, with a few free ones behind it as a rule. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORT_ATTEMPTS_MAX; attempt += 1) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port is free');
}

/** Polls until `read` gives something other than null. @throws Error after `timeoutMs` */
export async function until<T>(what: string, timeoutMs: number, read: () => Promise<T | null> | T | null): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== null) return value;
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
