import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const HERE = import.meta.dirname;
const VENV = resolve(HERE, '../../../.cache/libosdp');
const WAIT_MAX_MS = 15_000;
const run = promisify(execFile);

type Fact = Readonly<Record<string, unknown>>;

/** Makes the virtual environment once for each content of requirements.txt. Needs python3 with venv, and the package registry the first time. */
export async function prepareLibosdp(): Promise<void> {
  const wanted = await readFile(join(HERE, 'requirements.txt'), 'utf8');
  const marker = join(VENV, 'installed.txt');
  if ((await readFile(marker, 'utf8').catch(() => '')) === wanted) return;
  await mkdir(VENV, { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', VENV]);
  await run(join(VENV, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', join(HERE, 'requirements.txt')]);
  await writeFile(marker, wanted);
}

/** libosdp in a process of its own. */
export class LibosdpPeer {
  readonly facts: Fact[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  readonly #listeners = new Set<(fact: Fact) => void>();

  constructor(...parameters: readonly (string | number)[]) {
    const [first] = parameters;
    const isProgram = typeof first === 'string' && first.endsWith('.py');
    const [program, rest] = isProgram ? [first, parameters.slice(1)] : ['peer.py', parameters];
    this.#child = spawn(join(VENV, 'bin/python'), [join(HERE, program), ...rest.map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new TypeError('no standard output');
    createInterface(stdout).on('line', (line) => {
      // libosdp writes its own log there as well.
      if (line.startsWith('{')) this.#take(JSON.parse(line) as Fact);
      for (const check of this.#waiting) check();
    });
  }

  /** Another program of this folder. */
  static run(program: string, ...parameters: readonly (string | number)[]): LibosdpPeer {
    return new LibosdpPeer(program, ...parameters);
  }

  onFact(listener: (fact: Fact) => void): void {
    this.#listeners.add(listener);
  }

  #take(fact: Fact): void {
    this.facts.push(fact);
    for (const listener of this.#listeners) listener(fact);
  }

  order(order: Fact): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** The first fact with this field for which `isWanted` holds. */
  until(field: string, isWanted: (value: unknown) => boolean = () => true, waitMaxMs = WAIT_MAX_MS): Promise<unknown> {
    return new Promise((found, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`libosdp never said: ${field}; it said ${JSON.stringify(this.facts)}`));
      }, waitMaxMs);
      const check = (): void => {
        const fact = this.facts.find((candidate) => field in candidate && isWanted(candidate[field]));
        if (fact === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        found(fact[field]);
      };
      this.#waiting.add(check);
      check();
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
