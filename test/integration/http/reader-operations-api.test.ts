import { describe, expect, it } from 'vitest';
import { READER_FILE_BYTES_MAX } from '#gateway/http/contract/reader-operations.ts';
import { RATE_LIMITS } from '#gateway/http/middleware/rate-limits.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { startWithOperator } from '#test/support/console/gateway.ts';
import type { HttpGatewayOptions } from '#test/support/http-gateway.ts';
import type { TestBrowser } from '#test/support/console/test-browser.ts';

const READERS = sampleInstallation.readers.map(({ id }) => id);
const FIRST = String(READERS[0]);
const reason = 'yearly change';

async function signedIn(judgeOperator?: HttpGatewayOptions['judgeOperator']) {
  const { gateway, admin, api } = await startWithOperator(judgeOperator === undefined ? {} : { judgeOperator });
  return { gateway, browser: admin.browser, api };
}

const sendFile = (browser: TestBrowser, target: string, bytes: Uint8Array, type = 'application/octet-stream') =>
  browser.request(target, { method: 'POST', headers: { origin: new URL(target).origin, 'content-type': type }, body: Buffer.from(bytes) });

describe('operations on readers', () => {
  it.each([
    [{ kind: 'all' }, READERS],
    [{ kind: 'site', id: 'hq' }, READERS],
    [{ kind: 'reader', id: FIRST }, [FIRST]],
    [{ kind: 'area', id: 'building' }, READERS],
  ])('rotate the keys of %j', async (scope, readerIds) => {
    const { browser, api } = await signedIn();
    const { status, body } = await browser.call<{ operation: { readers: { readerId: string }[] } }>(api('/reader-operations/rotation'), {
      scope,
      reason,
    });
    expect(status).toBe(202);
    expect(body.operation.readers.map(({ readerId }) => readerId)).toEqual(readerIds);
    expect((await browser.call(api('/reader-operations'))).body).toEqual({ operations: [body.operation] });
    expect((await browser.call(api('/reader-operations/op_1'))).body).toEqual({ operation: body.operation });
    expect((await browser.call(api('/reader-operations/op_1/cancel'), {})).body).toEqual({ cancelled: true });
  });

  it('are decided as maintenance of readers, and a deny begins nothing', async () => {
    const asked: unknown[] = [];
    const { browser, api } = await signedIn((request) => {
      if (request.action !== 'reader.maintain') return 'permit';
      asked.push([request.target.type, request.target.id, request.reason]);
      return 'operator.not_authorized';
    });
    for (const [path, body] of [
      ['/reader-operations/rotation', { scope: { kind: 'site', id: 'hq' }, reason }],
      [`/readers/${FIRST}/pairing`, { minutes: 5, reason }],
      [`/readers/${FIRST}/line`, { address: 5, baud: 9600, reason }],
    ] as const) {
      expect((await browser.call(api(path), body)).status).toBe(403);
    }
    expect((await sendFile(browser, api(`/readers/${FIRST}/file?type=1&reason=new`), Uint8Array.of(1))).status).toBe(403);
    expect((await browser.call(api('/reader-operations'))).body).toEqual({ operations: [] });
    expect(asked).toEqual([
      ['site', 'hq', reason],
      ['reader', FIRST, reason],
      ['reader', FIRST, reason],
      ['reader', FIRST, 'new'],
    ]);
  });

  it.each([
    ['/reader-operations/rotation', { scope: { kind: 'site', id: 'nowhere' }, reason }, 404],
    ['/reader-operations/rotation', { scope: { kind: 'planet', id: 'earth' }, reason }, 400],
    ['/reader-operations/rotation', { scope: { kind: 'all' } }, 400],
    ['/reader-operations/rotation', { scope: { kind: 'all' }, reason: 'x' }, 400],
    ['/readers/nobody/pairing', { minutes: 5, reason }, 404],
    [`/readers/${FIRST}/pairing`, { minutes: 0, reason }, 400],
    [`/readers/${FIRST}/pairing`, { minutes: 10, reason }, 202],
    [`/readers/${FIRST}/pairing`, { minutes: 11, reason }, 400],
    [`/readers/${FIRST}/line`, { address: 126, baud: 230_400, reason }, 202],
    [`/readers/${FIRST}/line`, { address: 127, baud: 9_600, reason }, 400],
    [`/readers/${FIRST}/line`, { address: 1, baud: 300, reason }, 400],
    ['/reader-operations/op_9/cancel', {}, 404],
  ])('answer %s %j with %i', async (path, body, status) => {
    const { browser, api } = await signedIn();
    expect((await browser.call(api(path), body)).status).toBe(status);
  });

  it('take a file as it is, up to its limit', async () => {
    const { browser, api } = await signedIn();
    const target = api(`/readers/${FIRST}/file?type=3&reason=${encodeURIComponent(reason)}`);
    expect((await sendFile(browser, target, new Uint8Array(READER_FILE_BYTES_MAX))).status).toBe(202);
    expect((await sendFile(browser, target, new Uint8Array(READER_FILE_BYTES_MAX + 1))).status).toBe(413);
    expect((await sendFile(browser, target, Uint8Array.of(1), 'application/json')).status).toBe(400);
    expect((await sendFile(browser, target, new Uint8Array(0))).status).toBe(400);
    expect((await sendFile(browser, api(`/readers/${FIRST}/file?type=0&reason=new`), Uint8Array.of(1))).status).toBe(400);
    await browser.call(api('/session'), undefined, 'DELETE');
    expect((await sendFile(browser, target, Uint8Array.of(1))).status).toBe(401);
  });

  it('tell how readers stand, and no key', async () => {
    const { browser, api } = await signedIn();
    const { body } = await browser.call<{ conditions: object[] }>(api('/reader-conditions'));
    expect(body.conditions[0]).toMatchObject({ readerId: FIRST, secureChannel: 1, key: { origin: 'rotated', isSettled: true } });
  });

  it(`are begun ${RATE_LIMITS.maintenance} times a minute and no more`, async () => {
    const { browser, api } = await signedIn();
    const body = { minutes: 5, reason };
    for (let count = 0; count < RATE_LIMITS.maintenance; count += 1) {
      expect((await browser.call(api(`/readers/${FIRST}/pairing`), body)).status).toBe(202);
    }
    expect((await browser.call(api(`/readers/${FIRST}/pairing`), body)).status).toBe(429);
  });
});
