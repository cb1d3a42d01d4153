import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertNotRunning, CLOSE_GRACE_MS, findFreePort, listenControl, listenHttp } from '#gateway/listen.ts';
import { freePort } from '#test/support/running-gateway.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const ok: RequestListener = (_request, response) => void response.end('ok');

describe('a listener that closes', () => {
  it('lets a request that is being answered end, and takes no other', async () => {
    const begun = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const listener = await listenHttp((_request, response) => {
      begun.resolve();
      void answer.promise.then(() => response.end('done'));
    }, LOOPBACK);
    const url = `http://127.0.0.1:${listener.port}/`;
    const request = fetch(url);
    await begun.promise;
    const closed = listener.close();
    await expect(fetch(url)).rejects.toThrow();
    answer.resolve();
    expect(await (await request).text()).toBe('done');
    await closed;
  });

  it('does not wait for connections that ask nothing', async () => {
    const listener = await listenHttp(ok, LOOPBACK);
    await (await fetch(`http://127.0.0.1:${listener.port}/`)).text();
    const silent = connect(listener.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => silent.once('connect', resolve));
    const startMs = Date.now();
    await listener.close();
    expect(Date.now() - startMs).toBeLessThan(CLOSE_GRACE_MS);
    silent.destroy();
  });

  it('ends a request that never ends, when the grace is over', async () => {
    const begun = Promise.withResolvers<void>();
    const listener = await listenHttp(() => begun.resolve(), LOOPBACK);
    const request = fetch(`http://127.0.0.1:${listener.port}/`).catch(() => 'cut');
    await begun.promise;
    await listener.close();
    expect(await request).toBe('cut');
  });
});

describe('a client', () => {
  const connected = async (port: number) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const answer = new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return { socket, isServed: await answer };
  };

  it('has as many connections as its limit and no more, and again when one is closed', async () => {
    const listener = await listenHttp(ok, LOOPBACK, { isProxy: () => false, perAddressMax: 2 });
    const [first, second] = [await connected(listener.port), await connected(listener.port)];
    expect([first.isServed, second.isServed, (await connected(listener.port)).isServed]).toEqual([true, true, false]);

    first.socket.destroy();

    await expect.poll(async () => (await connected(listener.port)).isServed).toBe(true);
    second.socket.destroy();
    await listener.close();
  });

  it('that is a proxy has no limit of its own', async () => {
    const listener = await listenHttp(ok, LOOPBACK, { isProxy: (address) => address === '127.0.0.1', perAddressMax: 1 });
    const sockets = [await connected(listener.port), await connected(listener.port)];
    expect(sockets.map(({ isServed }) => isServed)).toEqual([true, true]);
    await listener.close();
  });
});

describe('an address', () => {
  it('that is taken is refused, naming the field', async () => {
    const first = await listenHttp(ok, LOOPBACK);
    await expect(listenHttp(ok, { ...LOOPBACK, port: first.port })).rejects.toMatchObject({
      code: 'config.invalid',
      publicMessage: `listen: 127.0.0.1:${first.port} is in use by another program (EADDRINUSE)`,
    });
    await first.close();
  });

  it.each([
    // A documentation address (RFC 5737), a name that never resolves (RFC 6761).
    ['192.0.2.1', /^listen: 192\.0\.2\.1:0 is no address of this machine/],
    ['gatehouse.invalid', /^listen: gatehouse\.invalid:0 cannot be listened on \(\w+\)$/],
  ])('that is not of this machine is refused with the reason: %s', async (host, publicMessage) => {
    await expect(listenHttp(ok, { host, port: 0 })).rejects.toMatchObject({
      code: 'config.invalid',
      publicMessage: expect.stringMatching(publicMessage) as string,
    });
  });

  it('is found free where it is wanted, or elsewhere when it is taken or none', async () => {
    const port = await freePort();
    expect(await findFreePort(port)).toBe(port);
    const taken = await listenHttp(ok, { ...LOOPBACK, port });
    expect(await findFreePort(port)).not.toBe(port);
    await taken.close();
    expect(await findFreePort(65_536)).toBeGreaterThan(0);
  });
});

describe('the control socket', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-socket-'));
    path = join(folder, 'control.sock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is for its owner only', async () => {
    const control = await listenControl(ok, path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await control.close();
  });

  it('that answers is refused to a second gateway, naming the data folder', async () => {
    const control = await listenControl(ok, path);
    const refusal = { code: 'config.invalid', publicMessage: expect.stringMatching(/^data_dir: another gateway runs on it/) as string };
    await expect(assertNotRunning(path)).rejects.toMatchObject(refusal);
    await expect(listenControl(ok, path)).rejects.toMatchObject(refusal);
    await control.close();
    await assertNotRunning(path);
  });

  it('that this user may not make is refused with the reason, unless the user may do everything', async () => {
    chmodSync(folder, 0o500);
    const publicMessage = expect.stringMatching(/^data_dir: .*control\.sock is not permitted to this user \(EACCES\)$/) as string;
    if (process.getuid?.() !== 0) await expect(listenControl(ok, path)).rejects.toMatchObject({ code: 'config.invalid', publicMessage });
    chmodSync(folder, 0o700);
  });

  it('that a killed gateway left behind is replaced', async () => {
    // What a kill leaves: the file without anybody behind it.
    writeFileSync(path, '');
    const control = await listenControl(ok, path);
    await expect(assertNotRunning(path)).rejects.toMatchObject({ code: 'config.invalid' });
    await control.close();
  });
});
