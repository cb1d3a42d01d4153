import { execFile } from 'node:child_process';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { tryParse } from '#gateway/domain/try-parse.ts';
import type { VpnDisconnect } from '#gateway/ports/vpn-disconnect.ts';
import { createIsWanted } from '../wanted-tunnels.ts';

/** One question to occtl, ms. */
const CALL_TIMEOUT_MS = 2_000;
/** From the first order to the last look, ms. */
const GONE_TIMEOUT_MS = 3_000;
const LOOK_INTERVAL_MS = 20;
/** Users that are listed, bytes of JSON: about 1 KB a tunnel. */
const LIST_BYTES_MAX = 32 * 1_024 * 1_024;

/** `Full session` is what its RADIUS accounting calls Acct-Session-Id; early versions do not say it. */
const usersSchema = z.array(z.looseObject({ ID: z.int().min(0), Username: z.string(), 'Full session': z.string().optional() }));

export interface OcservOptions {
  /** `occtl-socket-file` of its configuration. */
  readonly socketFile: string;
  readonly program?: string;
}

/** Ends tunnels of an ocserv on this host with its own control program, by id, and looks until they are gone. */
export function createOcservDisconnect({ socketFile, program = 'occtl' }: OcservOptions): VpnDisconnect {
  const occtl = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { timeout: CALL_TIMEOUT_MS, maxBuffer: LIST_BYTES_MAX, encoding: 'utf8' } as const;
      execFile(program, ['-s', socketFile, '-j', ...args], options, (failure, stdout) => {
        // What occtl printed may name people.
        if (failure === null) resolve(stdout);
        else
          reject(
            new GatewayError('vpn.unavailable', 'The VPN server did not answer.', {
              cause: new Error(`occtl ended with ${String(failure.code)}`),
            }),
          );
      });
    });

  const idsOf = async (isWanted: ReturnType<typeof createIsWanted>): Promise<readonly number[]> => {
    const users = tryParse(usersSchema, parseJson(await occtl('show', 'users')));
    if (!users.success) throw new GatewayError('vpn.unavailable', 'The VPN server’s answer was not understood.', { cause: users.error });
    return users.data
      .filter(({ Username: userName, 'Full session': serverSessionId }) => isWanted({ userName, serverSessionId }))
      .map(({ ID: id }) => id);
  };

  return {
    disconnect: async (userNames, tunnels) => {
      const isWanted = createIsWanted(userNames, tunnels);
      const deadlineMs = performance.now() + GONE_TIMEOUT_MS;
      const ended = new Set<number>();
      for (;;) {
        const open = await idsOf(isWanted);
        if (open.length === 0) return ended.size;
        if (performance.now() > deadlineMs) throw new GatewayError('vpn.unavailable', 'The VPN server still has the tunnel.');
        for (const id of open) {
          // One that ended by itself meanwhile is unknown to occtl; the next look tells.
          if (!ended.has(id)) await occtl('disconnect', 'id', String(id)).catch(() => undefined);
          ended.add(id);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    // Debian's 1.1.6 prints nothing at all when nobody is connected.
    return text.trim() === '' ? [] : JSON.parse(text);
  } catch {
    return null;
  }
}
