import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../child-programs.ts';
import { startFreeradiusWith } from './freeradius-frame.ts';
import { askRadius, freeUdpPorts, type RadiusAnswer } from './freeradius-server.ts';
import { EAPOL_TEST, OPENSSL, requirePeer } from './peers.ts';

const SHIPPED = fileURLToPath(new URL('../../../adapters/vpn/wifi', import.meta.url));
export const ISSUER = '/O=Example/CN=Example Computers CA';

export interface JoinAnswer {
  readonly isIn: boolean;
  /** Of the last packet, by number: text, or hex of what is none. */
  readonly attributes: ReadonlyMap<number, string>;
  readonly output: string;
}

export interface Wifi {
  /** A computer with a certificate on that name shows it. */
  join(commonName: string, identity?: string): Promise<JoinAnswer>;
  account(attributes: Readonly<Record<string, string>>): Promise<RadiusAnswer>;
  end(): Promise<void>;
}

/** Certificates of one issuer, made by openssl. */
function createIssuer(folder: string) {
  const openssl = (...args: readonly string[]): void => void execFileSync(requirePeer(OPENSSL), args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const path = (name: string): string => join(folder, name);
  const issuer = [path('computers-ca.key'), '-out', path('computers-ca.pem')];
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', ISSUER, '-keyout', ...issuer);
  return (name: string, commonName: string, purpose: 'serverAuth' | 'clientAuth'): void => {
    openssl('req', ...newKey, '-subj', `/CN=${commonName}`, '-keyout', path(`${name}.key`), '-out', path(`${name}.csr`));
    writeFileSync(path(`${name}.ext`), `extendedKeyUsage=${purpose}\nsubjectAltName=DNS:${commonName}\n`);
    const signed = ['-CA', path('computers-ca.pem'), '-CAkey', path('computers-ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', path(`${name}.csr`), ...signed, '-extfile', path(`${name}.ext`), '-out', path(`${name}.pem`));
  };
}

/** Debian's FreeRADIUS with the shipped files, and eapol_test for a computer behind an access point. */
export async function startWifi(plan: {
  readonly folder: string;
  readonly gatewayUrl: string;
  readonly realm: string;
  readonly key: string;
}): Promise<Wifi> {
  const folder = join(plan.folder, 'wifi');
  mkdirSync(folder);
  const issue = createIssuer(folder);
  issue('server', 'radius.example.test', 'serverAuth');
  const [authPort, acctPort] = await freeUdpPorts();
  const secret = randomBytes(16).toString('hex');
  const program = await startFreeradiusWith({
    folder: join(folder, 'server'),
    secret,
    modules: `$INCLUDE ${SHIPPED}/mods-gatehouse-eap`,
    sites: `$INCLUDE ${SHIPPED}/site-gatehouse-eap`,
    env: {
      GATEHOUSE_URL: plan.gatewayUrl,
      GATEHOUSE_WIFI_REALM: plan.realm,
      GATEHOUSE_WIFI_KEY: plan.key,
      GATEHOUSE_WIFI_CERTS: folder,
      GATEHOUSE_WIFI_ADDRESS: '127.0.0.1',
      GATEHOUSE_WIFI_AUTH_PORT: String(authPort),
      GATEHOUSE_WIFI_ACCT_PORT: String(acctPort),
    },
  });
  let issued = 0;
  return {
    join: async (commonName, identity = 'anonymous') => {
      const name = `computer-${String((issued += 1))}`;
      issue(name, commonName, 'clientAuth');
      const file = join(folder, `${name}.conf`);
      writeFileSync(
        file,
        `network={
  key_mgmt=WPA-EAP
  eap=TLS
  identity="${identity}"
  ca_cert="${join(folder, 'computers-ca.pem')}"
  domain_match="radius.example.test"
  client_cert="${join(folder, `${name}.pem`)}"
  private_key="${join(folder, `${name}.key`)}"
}
`,
      );
      const args = ['-c', file, '-a', '127.0.0.1', '-p', String(authPort), '-s', secret, '-r', '0', '-t', '20'];
      const client = startProgram(requirePeer(EAPOL_TEST), args);
      await client.exited();
      return toJoinAnswer(client.output());
    },
    account: (attributes) => askRadius({ port: acctPort, kind: 'acct', secret }, attributes),
    end: () => program.end(),
  };
}

/** `RADIUS message: code=2 ...`, then an attribute a line with its value on the next. */
function toJoinAnswer(output: string): JoinAnswer {
  const last = output.split('RADIUS message: code=').at(-1) ?? '';
  const attributes = new Map(
    [...last.matchAll(/^ +Attribute (\d+) [^\n]*\n +Value: ([^\n]*)$/gm)].map(([, number, value = '']) => [
      Number(number),
      value.replace(/^'(.*)'$/, '$1'),
    ]),
  );
  return { isIn: output.trimEnd().endsWith('SUCCESS'), attributes, output };
}

/** Debian's FreeRADIUS as an access point that ends sessions of these names, and says of others that it has none. */
export async function startAccessPoint(plan: { readonly folder: string; readonly port: number; readonly secret: string }) {
  return startFreeradiusWith({
    folder: join(plan.folder, 'access-point'),
    secret: plan.secret,
    modules: '',
    sites: `server access-point {
	listen {
		type = coa
		ipaddr = 127.0.0.1
		port = ${String(plan.port)}
	}
	recv-coa {
		if (&Packet-Type == Disconnect-Request && &Message-Authenticator && &Event-Timestamp && &NAS-IP-Address == 127.0.0.1 && &Acct-Session-Id =~ /^up-/ && &User-Name =~ /^(ann@example.test|usr_ben)$/) {
			ok
		}
		else {
			update reply {
				&Error-Cause := Session-Context-Not-Found
			}
			reject
		}
	}
}`,
    env: {},
  });
}
