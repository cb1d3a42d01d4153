/**
 * The few calls of WASI preview 1 that the Go runtime makes to run a program that reads stdin and writes stdout. There is no
 * file, no directory, no socket, no environment but what is given here; randomness is a constant, so that equal requests give
 * equal bytes. (node:wasi was set aside: it needs real files for stdin and stdout, which would put drafts on disk, warns that it
 * is experimental, and its documentation says that it is no sandbox.)
 */
const ERRNO_SUCCESS = 0;
const ERRNO_BADF = 8;
const ERRNO_NOSYS = 52;
const CLOCK_REALTIME = 0;
const IOVEC_LENGTH_BYTES = 8;
const SUBSCRIPTION_LENGTH_BYTES = 48;
const EVENT_LENGTH_BYTES = 32;
const EVENT_TYPE_CLOCK = 0;
const SUBSCRIPTION_CLOCK_ABSTIME = 1;
const NANOSECONDS_PER_MS = 1_000_000n;
const SLEEP_MS_MAX = 1000;
const RANDOM_FILL = 0x5a;

/** Not a failure: the way out of the program's stack. */
class ProgramExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${String(exitCode)}`);
    this.exitCode = exitCode;
  }
}

export interface ProgramRun {
  /** All of it; called when the program reads for the first time. May block. */
  readonly readStdin: () => Uint8Array;
  readonly env: readonly string[];
  /** Everything beyond is dropped and the run fails; stderr has the same bound. */
  readonly outputBytesMax: number;
}

export interface ProgramOutcome {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

class Output {
  readonly #chunks: Uint8Array[] = [];
  readonly #bytesMax: number;
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  append(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > this.#bytesMax) throw new ProgramExit(-1);
    this.#chunks.push(chunk.slice());
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }
}

class WasiProgram {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #run: ProgramRun;
  readonly #strings: readonly Uint8Array[];
  readonly #args: readonly Uint8Array[];
  #memory: WebAssembly.Memory | undefined;
  #stdin: Uint8Array | undefined;
  #stdinOffset = 0;

  constructor(run: ProgramRun) {
    this.#run = run;
    this.stdout = new Output(run.outputBytesMax);
    this.stderr = new Output(run.outputBytesMax);
    const encoder = new TextEncoder();
    this.#args = [encoder.encode('gatehouse-rego\0')];
    this.#strings = run.env.map((line) => encoder.encode(`${line}\0`));
  }

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  imports(): WebAssembly.Imports {
    const badFile = (): number => ERRNO_BADF;
    const unsupported = (): number => ERRNO_NOSYS;
    return {
      wasi_snapshot_preview1: {
        args_sizes_get: (count: number, size: number) => this.#putSizes(this.#args, count, size),
        args_get: (pointers: number, text: number) => this.#putStrings(this.#args, pointers, text),
        environ_sizes_get: (count: number, size: number) => this.#putSizes(this.#strings, count, size),
        environ_get: (pointers: number, text: number) => this.#putStrings(this.#strings, pointers, text),
        clock_time_get: (id: number, _precision: bigint, result: number) => this.#clock(id, result),
        random_get: (start: number, length: number) => this.#random(start, length),
        fd_read: (fd: number, vectors: number, count: number, result: number) => this.#read(fd, vectors, count, result),
        fd_write: (fd: number, vectors: number, count: number, result: number) => this.#write(fd, vectors, count, result),
        fd_fdstat_get: (fd: number, result: number) => this.#fdstat(fd, result),
        poll_oneoff: (subscriptions: number, events: number, count: number, result: number) =>
          this.#poll(subscriptions, events, count, result),
        proc_exit: (exitCode: number) => {
          throw new ProgramExit(exitCode);
        },
        sched_yield: () => ERRNO_SUCCESS,
        fd_close: () => ERRNO_SUCCESS,
        fd_prestat_get: badFile,
        fd_prestat_dir_name: badFile,
        fd_fdstat_set_flags: badFile,
        fd_filestat_get: badFile,
        fd_readdir: badFile,
        fd_seek: badFile,
        path_filestat_get: unsupported,
        path_open: unsupported,
        path_readlink: unsupported,
      },
    };
  }

  #buffer(): ArrayBuffer {
    if (this.#memory === undefined) throw new TypeError('the program has no memory yet');
    return this.#memory.buffer;
  }

  #view(): DataView {
    return new DataView(this.#buffer());
  }

  #putSizes(strings: readonly Uint8Array[], count: number, size: number): number {
    const view = this.#view();
    view.setUint32(count, strings.length, true);
    view.setUint32(
      size,
      strings.reduce((sum, text) => sum + text.length, 0),
      true,
    );
    return ERRNO_SUCCESS;
  }

  #putStrings(strings: readonly Uint8Array[], pointers: number, text: number): number {
    const view = this.#view();
    const bytes = new Uint8Array(this.#buffer());
    let offset = text;
    for (const [index, string] of strings.entries()) {
      view.setUint32(pointers + 4 * index, offset, true);
      bytes.set(string, offset);
      offset += string.length;
    }
    return ERRNO_SUCCESS;
  }

  #clock(id: number, result: number): number {
    const nowNs = id === CLOCK_REALTIME ? BigInt(Date.now()) * NANOSECONDS_PER_MS : process.hrtime.bigint();
    this.#view().setBigUint64(result, nowNs, true);
    return ERRNO_SUCCESS;
  }

  #random(start: number, length: number): number {
    new Uint8Array(this.#buffer(), start, length).fill(RANDOM_FILL);
    return ERRNO_SUCCESS;
  }

  #vectors(start: number, count: number): Uint8Array[] {
    const view = this.#view();
    return Array.from({ length: count }, (_, index) => {
      const at = start + IOVEC_LENGTH_BYTES * index;
      return new Uint8Array(this.#buffer(), view.getUint32(at, true), view.getUint32(at + 4, true));
    });
  }

  #read(fd: number, vectors: number, count: number, result: number): number {
    if (fd !== 0) return ERRNO_BADF;
    this.#stdin ??= this.#run.readStdin();
    let total = 0;
    for (const target of this.#vectors(vectors, count)) {
      const part = this.#stdin.subarray(this.#stdinOffset, this.#stdinOffset + target.length);
      target.set(part);
      this.#stdinOffset += part.length;
      total += part.length;
    }
    this.#view().setUint32(result, total, true);
    return ERRNO_SUCCESS;
  }

  #write(fd: number, vectors: number, count: number, result: number): number {
    if (fd !== 1 && fd !== 2) return ERRNO_BADF;
    const output = fd === 1 ? this.stdout : this.stderr;
    let total = 0;
    for (const source of this.#vectors(vectors, count)) {
      output.append(source);
      total += source.length;
    }
    this.#view().setUint32(result, total, true);
    return ERRNO_SUCCESS;
  }

  /** Zeros: no flags, so that Go reads and writes directly instead of polling. */
  #fdstat(fd: number, result: number): number {
    if (fd < 0 || fd > 2) return ERRNO_BADF;
    new Uint8Array(this.#buffer(), result, 24).fill(0);
    return ERRNO_SUCCESS;
  }

  /** Only clocks can be waited for: this is how the Go scheduler sleeps. The worker thread may block. */
  #poll(subscriptions: number, events: number, count: number, result: number): number {
    const view = this.#view();
    let waitMs = SLEEP_MS_MAX;
    for (let index = 0; index < count; index += 1) {
      const at = subscriptions + SUBSCRIPTION_LENGTH_BYTES * index;
      if (view.getUint8(at + 8) !== EVENT_TYPE_CLOCK) return ERRNO_NOSYS;
      const absolute = (view.getUint16(at + 40, true) & SUBSCRIPTION_CLOCK_ABSTIME) !== 0;
      const timeoutNs = view.getBigUint64(at + 24, true) - (absolute ? process.hrtime.bigint() : 0n);
      waitMs = Math.min(waitMs, Math.max(0, Number(timeoutNs / NANOSECONDS_PER_MS)));
      const event = events + EVENT_LENGTH_BYTES * index;
      new Uint8Array(this.#buffer(), event, EVENT_LENGTH_BYTES).fill(0);
      view.setBigUint64(event, view.getBigUint64(at, true), true);
      view.setUint8(event + 10, EVENT_TYPE_CLOCK);
    }
    if (waitMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    view.setUint32(result, count, true);
    return ERRNO_SUCCESS;
  }
}

/** Runs a WASI command to its end and returns what it wrote. An exit code other than 0 is the caller's to judge. */
export function runProgram(module: WebAssembly.Module, run: ProgramRun): ProgramOutcome {
  const program = new WasiProgram(run);
  const instance = new WebAssembly.Instance(module, program.imports());
  const { memory, _start: start } = instance.exports as { readonly memory: WebAssembly.Memory; readonly _start: () => void };
  program.attach(memory);
  let exitCode = 0;
  try {
    start();
  } catch (error) {
    if (!(error instanceof ProgramExit)) throw error;
    exitCode = error.exitCode;
  }
  return { exitCode, stdout: program.stdout.bytes(), stderr: program.stderr.bytes() };
}
