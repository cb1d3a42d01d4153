import { PackError } from '#face-model/pack/pack-error.ts';
import type { DeskTools } from './cli/desk-tools.ts';
import { GatewayError } from './domain/errors.ts';

/** What was wrong, in the words of a command. */
function told(failure: unknown): unknown {
  if (failure instanceof PackError) return new GatewayError('config.unreadable', `face pack: ${failure.message}`, { cause: failure });
  if (failure instanceof RangeError) return new GatewayError('config.unreadable', failure.message, { cause: failure });
  if (!(failure instanceof Error)) return failure;
  if ('status' in failure) return toldByGateway(failure, failure.status);
  const code = 'code' in failure ? failure.code : '';
  if (code === 'ENOENT') return new GatewayError('config.unreadable', 'this folder holds no enrolled computer', { cause: failure });
  if (code === 'EADDRINUSE')
    return new GatewayError('config.unreadable', 'another program, or another agent, has this port', { cause: failure });
  return failure;
}

function toldByGateway(failure: Error, status: unknown): GatewayError {
  if (status === 0) return new GatewayError('store.unavailable', 'the gateway does not answer at this address', { cause: failure });
  return new GatewayError('enrolment.invalid', 'the gateway refuses: the code was used or is too old, or this computer is revoked', {
    cause: failure,
  });
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
    run: ({ camera, ...request }) =>
      inWords(async () => {
        const { parseCommand } = await import('#face-model/camera/capture-command.ts');
        const { runDesk } = await import('#face-model/desk/run-desk.ts');
        const eye = camera === null ? null : { ...camera, command: parseCommand(camera.command) };
        await runDesk({ ...request, eye });
      }),
    enrolFace: (request) =>
      inWords(async () => {
        const { parseCommand } = await import('#face-model/camera/capture-command.ts');
        const { enrolFace } = await import('#face-model/desk/enrol-face.ts');
        return enrolFace({ ...request, command: parseCommand(request.command) });
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
