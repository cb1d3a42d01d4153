import { PackError } from '#face-model/pack/pack-error.ts';
import type { DeskTools } from './cli/desk-tools.ts';
import { GatewayError } from './domain/errors.ts';

/** What was wrong, in the words of a command. */
function told(failure: unknown): unknown {
  if (failure instanceof GatewayError) return failure;
  if (failure instanceof PackError) return new GatewayError('config.unreadable', `--pack: ${failure.message}`, { cause: failure });
  if (failure instanceof RangeError) return new GatewayError('config.unreadable', failure.message, { cause: failure });
  if (!(failure instanceof Error)) return failure;
  if ('status' in failure) return toldByGateway(failure, failure.status);
  if ('cmd' in failure || ('syscall' in failure && String(failure.syscall).startsWith('spawn tpm2_')))
    return new GatewayError('config.unreadable', '--tpm: no key can be had from this machine’s TPM (are tpm2-tools there?)', {
      cause: failure,
    });
  const code = 'code' in failure ? failure.code : '';
  if (code === 'ENOENT')
    return new GatewayError('config.unreadable', '--folder: this folder holds no enrolled computer; see gatehouse desk enrol', {
      cause: failure,
    });
  if (code === 'EADDRINUSE')
    return new GatewayError('config.unreadable', '--port: another program, or another agent, has this port', { cause: failure });
  if (code === 'EACCES' || code === 'EPERM')
    return new GatewayError('config.unreadable', '--folder: this folder is not yours to read and write', { cause: failure });
  return failure;
}

function toldByGateway(failure: Error, status: unknown): GatewayError {
  if (status === 0) return new GatewayError('store.unavailable', 'the gateway does not answer at this address', { cause: failure });
  return new GatewayError('enrolment.invalid', 'the gateway refuses: the code was used or is too old, or this computer is revoked', {
    cause: failure,
  });
}

async function captureOf(line: string): Promise<readonly [string, ...string[]]> {
  const { parseCommand } = await import('#face-model/camera/capture-command.ts');
  try {
    return parseCommand(line);
  } catch (failure) {
    throw new GatewayError('config.unreadable', '--capture: names no program', { cause: failure });
  }
}

async function inWords<Result>(work: () => Promise<Result>): Promise<Result> {
  return work().catch((failure: unknown) => {
    throw told(failure);
  });
}

/** Models and their runtime are loaded by the command that needs them: every other one would wait for them. */
export function createDeskTools(): DeskTools {
  return {
    enrol: (request) =>
      inWords(async () => {
        const { enrolDesk } = await import('#face-model/desk/desk-folder.ts');
        return enrolDesk(request);
      }),
    status: (request) =>
      inWords(async () => {
        const { readDeskStatus } = await import('#face-model/desk/desk-status.ts');
        return readDeskStatus(request);
      }),
    run: ({ camera, ...request }) =>
      inWords(async () => {
        const eye = camera === null ? null : { ...camera, command: await captureOf(camera.command) };
        const { runDesk } = await import('#face-model/desk/run-desk.ts');
        await runDesk({ ...request, eye });
      }),
    enrolFace: (request) =>
      inWords(async () => {
        const command = await captureOf(request.command);
        const { enrolFace } = await import('#face-model/desk/enrol-face.ts');
        return enrolFace({ ...request, command });
      }),
    forgetFace: (request) =>
      inWords(async () => {
        const { forgetFace } = await import('#face-model/desk/enrol-face.ts');
        return forgetFace(request);
      }),
    posture: async (environment) => {
      const { createThisMachine } = await import('#face-model/posture/machine.ts');
      const { probePosture } = await import('#face-model/posture/probe-posture.ts');
      return probePosture(createThisMachine(environment), process.platform);
    },
  };
}
