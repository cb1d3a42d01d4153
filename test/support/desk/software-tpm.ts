import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '../running-gateway.ts';
import { requirePeer, SWTPM, TPM2_TOOLS } from '../peers/peers.ts';

/** A TPM 2.0 in software, as Debian ships it, on two ports of loopback. */
export async function startSoftwareTpm(): Promise<{ readonly tcti: string; stop(): Promise<void> }> {
  requirePeer(TPM2_TOOLS);
  const state = await mkdtemp(join(tmpdir(), 'gatehouse-tpm-'));
  // The tools expect the control port behind the other one.
  const port = await freePort();
  const server = ['--server', `type=tcp,port=${String(port)},bindaddr=127.0.0.1`];
  const control = ['--ctrl', `type=tcp,port=${String(port + 1)},bindaddr=127.0.0.1`];
  const args = ['socket', '--tpm2', '--tpmstate', `dir=${state}`, ...server, ...control, '--flags', 'not-need-init,startup-clear'];
  const child = spawn(requirePeer(SWTPM), args, { stdio: 'ignore' });
  const endWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithTests);
  const tcti = `swtpm:host=127.0.0.1,port=${String(port)}`;
  await until('the software TPM answers', 20_000, async () => {
    const probe = spawn(requirePeer(TPM2_TOOLS), ['properties-fixed', '-T', tcti], { stdio: 'ignore' });
    const [code] = (await once(probe, 'exit')) as [number | null];
    return code === 0 ? true : null;
  });
  return {
    tcti,
    stop: async () => {
      process.off('exit', endWithTests);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(state, { recursive: true, force: true });
    },
  };
}
