import { decodePath } from '../../../domain/site/website.ts';
import { gatewayAddressFor } from './gateway-address.ts';
import type { Setting, SettingFacts } from './setting.ts';

const NOTES = [
  'The proxy’s own address must be in trusted_proxies of the gateway’s configuration file.',
  'The files that are named here come with the gateway, in adapters/proxies.',
] as const;

/** What every proxy has to know, whatever it is. */
export const proxyNotes = ({ listen }: SettingFacts): readonly string[] => [...gatewayAddressFor(listen).notes, ...NOTES];

export const siteOf = ({ origin }: SettingFacts): URL => URL.parse(origin ?? '') ?? new URL('https://site.example.com');

/** nginx compares what it has decoded. Between quotes it reads " and a backslash in another way, and no path of a website holds the latter. */
const nginxLocation = (path: string): string => {
  const decoded = decodePath(path) ?? path;
  return /^[\w\-./~]+$/.test(decoded) ? decoded : `"${decoded.replaceAll('"', '\\"')}"`;
};

export function nginxSetting(facts: SettingFacts): Setting {
  const { host, hostname, protocol } = siteOf(facts);
  const locations = (facts.paths.length === 0 ? ['/'] : facts.paths)
    .map(
      (path) => `    location ${nginxLocation(path)} {
        include gatehouse-protect.conf;
        proxy_pass http://127.0.0.1:3000;
        proxy_set_header Host ${host};
    }
`,
    )
    .join('\n');
  const text = `upstream gatehouse {
    server ${gatewayAddressFor(facts.listen).host};
    keepalive 32;
}

server {
    server_name ${hostname};
    set $gatehouse_scheme ${protocol.slice(0, -1)};
    set $gatehouse_host ${host};
    include gatehouse.conf;

${locations}}
`;
  return {
    id: 'nginx',
    title: 'nginx (auth_request)',
    files: [{ name: 'site.conf', language: 'nginx', text }],
    notes: [
      ...proxyNotes(facts),
      'Put your own listen and ssl lines into the server block, and the application’s address behind proxy_pass.',
    ],
  };
}

export function caddySetting(facts: SettingFacts): Setting {
  const text = `import gatehouse.caddy

${siteOf(facts).origin} {
	import gatehouse ${gatewayAddressFor(facts.listen).host} ${siteOf(facts).host}
	reverse_proxy 127.0.0.1:3000
}
`;
  return { id: 'caddy', title: 'Caddy (forward_auth)', files: [{ name: 'Caddyfile', language: 'text', text }], notes: proxyNotes(facts) };
}
