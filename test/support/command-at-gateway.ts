import { join } from 'node:path';
import { runCommand, type CliRun } from './cli-run.ts';
import { serveFakeApi, type FakeAnswer, type FakeControlApi } from './fake-control-api.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The names that the gateway of these commands tells. */
export const DIRECTORY = {
  people: { usr_ann: 'Ann Lee', usr_bob: 'Bob Anders', usr_bo: 'Bo' },
  doors: { front: 'Front door' },
  readers: { 'front-in': 'Front, outside', 'front-out': 'Front, inside' },
  areas: {},
  apps: {},
  sites: {},
};

export type FakeAnswers = Readonly<Record<string, FakeAnswer>>;

interface Options {
  /** Every command begins with it. */
  readonly command?: string;
  /** A folder that is there already. */
  readonly cwd?: string;
}

export interface CommandAtGateway {
  readonly api: FakeControlApi;
  readonly cwd: string;
  readonly run: (...args: readonly string[]) => Promise<CliRun>;
}

/** A gateway of fixed answers at the control socket of a data folder, and commands run beside it. */
export async function atGateway(answers: FakeAnswers, options: Options = {}): Promise<CommandAtGateway> {
  const { command, cwd = await temporaryFolder() } = options;
  const api = await serveFakeApi({ 'GET /api/directory': { body: DIRECTORY }, ...answers }, join(cwd, 'control.sock'));
  const first = command === undefined ? [] : [command];
  return { api, cwd, run: (...args) => runCommand(['--data-dir', cwd, ...first, ...args], { cwd }) };
}
