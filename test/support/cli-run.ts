import { Readable } from 'node:stream';
import type { CliContext, CliTools } from '#gateway/cli/cli-context.ts';
import { createOutput } from '#gateway/cli/output.ts';
import { runCli } from '#gateway/cli/run-cli.ts';

export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in a world of its own: no environment, no terminal, no store unless given. */
export async function runCommand(
  args: readonly string[],
  world: Partial<Omit<CliContext, 'tools' | 'out'>> & { readonly cwd: string; readonly tools?: Partial<CliTools> },
): Promise<CliRun> {
  const text = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({ write: (piece: string) => void (text[name] += piece) });
  const { tools, ...rest } = world;
  const exitCode = await runCli(args, {
    env: {},
    readInput: () => Promise.resolve(''),
    readLines: () => Readable.from([]),
    randomBytes: (lengthBytes) => new Uint8Array(lengthBytes).fill(0xab),
    start: () => Promise.resolve(),
    version: '1.2.3',
    catchInterrupt: () => new AbortController().signal,
    ...rest,
    out: createOutput(sink('out'), sink('err'), true),
    tools: () =>
      tools === undefined ? Promise.reject(new TypeError('this command needs no store')) : Promise.resolve({ ...noTools, ...tools }),
  });
  return { exitCode, ...text };
}

const unexpected = (): never => {
  throw new TypeError('the command does something that the test did not expect');
};
const noTools: CliTools = {
  importPeople: unexpected,
  importTable: unexpected,
  writeReaderKey: unexpected,
  writeMasterKey: unexpected,
  setPin: unexpected,
  auditFile: unexpected,
  verifyAudit: unexpected,
  osdp: { bauds: [9_600, 115_200], sniff: unexpected, decode: unexpected, scan: unexpected, simulate: unexpected },
  face: { preparePack: unexpected, evaluate: unexpected, enrolTerminal: unexpected, runTerminal: unexpected },
  upstream: { writeSecret: unexpected, forgetAccount: unexpected },
  desk: { enrol: unexpected, status: unexpected, run: unexpected, enrolFace: unexpected, forgetFace: unexpected, posture: unexpected },
};
