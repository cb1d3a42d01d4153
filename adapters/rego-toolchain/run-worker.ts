import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { runProgram } from './wasi-host.ts';

export interface RunWorkerData {
  readonly module: WebAssembly.Module;
  readonly env: readonly string[];
  readonly outputBytesMax: number;
  /** Brings the one request, as bytes. */
  readonly port: MessagePort;
  /** One number: 0 until the request is on its way. */
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** Runs one request and ends; the thread and its memory are thrown away with it. */
const { module, env, outputBytesMax, port, signal } = workerData as RunWorkerData;

/** The program reads and cannot be told to come back later: the thread sleeps until there is something. */
function readStdin(): Uint8Array {
  Atomics.wait(signal, 0, 0);
  const received = receiveMessageOnPort(port) as { readonly message: Uint8Array } | undefined;
  if (received === undefined) throw new TypeError('there is no request');
  return received.message;
}

parentPort?.postMessage(runProgram(module, { env, outputBytesMax, readStdin }));
