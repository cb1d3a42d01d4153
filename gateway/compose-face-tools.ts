import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PackError } from '#face-model/pack/pack-error.ts';
import type { FaceTools } from './cli/face-tools.ts';
import { GatewayError } from './domain/errors.ts';

const DEFAULT_PACK = fileURLToPath(new URL('../face-model/packs/default', import.meta.url));

/** What was wrong, in the words of a command. */
function told(failure: unknown): unknown {
  if (failure instanceof PackError) return new GatewayError('config.unreadable', `face pack: ${failure.message}`, { cause: failure });
  return failure instanceof RangeError ? new GatewayError('config.unreadable', failure.message, { cause: failure }) : failure;
}

function toldByGateway(failure: unknown): unknown {
  if (!(failure instanceof Error && 'status' in failure)) return told(failure);
  if (failure.status === 0) return new GatewayError('store.unavailable', 'the gateway does not answer at this address', { cause: failure });
  return new GatewayError('enrolment.invalid', 'the gateway refuses: the code was used, is too old, or is another one’s', {
    cause: failure,
  });
}

function commandOf<Command>(parse: (line: string) => Command, line: string): Command {
  try {
    return parse(line);
  } catch (failure) {
    throw told(failure);
  }
}

/** Models and their runtime are loaded by the command that needs them: every other one would wait for them. */
export function createFaceTools(): FaceTools {
  return {
    preparePack: async (folder) => {
      const { createNpmFetch, preparePack } = await import('#face-model/pack/prepare-pack.ts');
      const { loadPack, readManifest } = await import('#face-model/pack/load-pack.ts');
      const { runNpm } = await import('#face-model/pack/run-npm.ts');
      const fetchPackage = createNpmFetch({ tmpDir: tmpdir(), run: runNpm });
      try {
        await preparePack({ from: DEFAULT_PACK, to: folder, fetchPackage });
        // Loaded once: a pack that is put somewhere and cannot be used would be found out at a door.
        const pack = await loadPack({ folder });
        await pack.close();
        return (await readManifest(folder)).hash;
      } catch (failure) {
        throw told(failure);
      }
    },
    enrolTerminal: async (request) => {
      const { enrolTerminal } = await import('#face-model/terminal/run-terminal.ts');
      return enrolTerminal(request).catch((failure: unknown) => {
        throw toldByGateway(failure);
      });
    },
    runTerminal: async (request) => {
      const { runTerminal } = await import('#face-model/terminal/run-terminal.ts');
      const { parseCommand } = await import('#face-model/camera/capture-command.ts');
      const camera = request.camera === null ? null : commandOf(parseCommand, request.camera);
      const alone =
        request.alone === null
          ? null
          : { badges: commandOf(parseCommand, request.alone.badges), release: commandOf(parseCommand, request.alone.release) };
      const card =
        request.card === null
          ? null
          : { read: commandOf(parseCommand, request.card.read), write: commandOf(parseCommand, request.card.write) };
      return runTerminal({ ...request, camera, alone, card }).catch((failure: unknown) => {
        const isMissing = failure instanceof Error && 'code' in failure && failure.code === 'ENOENT';
        throw isMissing
          ? new GatewayError('config.unreadable', 'this folder holds no enrolled terminal', { cause: failure })
          : told(failure);
      });
    },
    evaluate: async ({ folder, onProgress, packFolder }) => {
      const { loadPack } = await import('#face-model/pack/load-pack.ts');
      const { evaluateFolder } = await import('#face-model/eval/evaluate-folder.ts');
      try {
        // Measuring is no commercial use.
        const pack = await loadPack({ folder: packFolder, acknowledgesLicence: true });
        try {
          return await evaluateFolder(folder, pack, onProgress);
        } finally {
          await pack.close();
        }
      } catch (failure) {
        throw told(failure);
      }
    },
  };
}
