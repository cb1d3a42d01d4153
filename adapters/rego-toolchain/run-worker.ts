import { parentPort, workerData } from 'node:worker_threads';
import { runProgram, type ProgramRun } from './wasi-host.ts';

/** Runs one request and ends; the thread and its memory are thrown away with it. */
const { module, run } = workerData as { readonly module: WebAssembly.Module; readonly run: ProgramRun };
parentPort?.postMessage(runProgram(module, run));
