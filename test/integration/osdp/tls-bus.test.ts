import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { OsdpSite, scbkOf } from './osdp-site.ts';

let folder: string;
let server: Server;
let port: number;
let pd: SimulatedPd;
let site: OsdpSite;

/** A certificate that vouches for itself: authority and server in one. */
function makeCertificate(name: string): { readonly certificate: string; readonly key: string } {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate, ...subject],
    { stdio: 'ignore' },
  );
  return { certificate, key };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tls-'));
  pd = new SimulatedPd({ address: 1, scbk: scbkOf(1) });
  const { certificate, key } = makeCertificate('line.example');
  server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    socket.on('error', () => undefined);
    socket.on(
      'data',
      createLineResponder([pd], (reply) => socket.write(reply)),
    );
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port; // a server that listens has one
});

afterEach(async () => {
  await site.readers.stop();
  pd.dispose();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await rm(folder, { recursive: true, force: true });
});

const siteWith = (caFile: string, serverName: string): OsdpSite =>
  new OsdpSite({ kind: 'tcp', host: '127.0.0.1', port, tls: { caFile, serverName } }, [1]);

describe('readers behind TLS', () => {
  it('050-01-03: come on line when the server shows the certificate that the configuration names', async () => {
    site = siteWith(join(folder, 'line.example.pem'), 'line.example');
    await site.readers.start();
    await site.until('online');
    expect(pd.isSecure).toBe(true);
  });

  it.each(['another authority', 'another name'])('stay off line with %s', async (what) => {
    const other = makeCertificate('other.example');
    const isOther = what === 'another authority';
    site = siteWith(isOther ? other.certificate : join(folder, 'line.example.pem'), isOther ? 'line.example' : 'other.example');
    await site.readers.start();
    await site.until('offline');
    expect(site.of('offline')).toMatchObject([{ cause: 'link_down' }]);
    expect(site.of('online')).toEqual([]);
  });
});
