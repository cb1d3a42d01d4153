import { gatewayAddressFor } from './gateway-address.ts';
import { proxyNotes, siteOf } from './proxy-settings.ts';
import type { Setting, SettingFacts } from './setting.ts';

/** The same for every website: adapters/proxies/traefik/gatehouse.yaml. */
const shared = (facts: SettingFacts): string => `http:
  middlewares:
    gatehouse-names:
      headers:
        customRequestHeaders:
          Remote_User: ''
          Remote_Name: ''
          Remote_Email: ''
          Remote_Groups: ''
          X_Gatehouse_Identity: ''
          X-Gatehouse_Identity: ''
          X_Gatehouse-Identity: ''
          X_Gatehouse_Decision: ''
          X-Gatehouse_Decision: ''
          X_Gatehouse-Decision: ''
    gatehouse-check:
      forwardAuth:
        address: http://${gatewayAddressFor(facts.listen).host}/api/authz/forward-auth
        trustForwardHeader: false
        authResponseHeaders:
          - Remote-User
          - Remote-Name
          - Remote-Email
          - Remote-Groups
          - X-Gatehouse-Identity
          - X-Gatehouse-Decision
`;

/** adapters/proxies/traefik/website.yaml. */
function ofWebsite(facts: SettingFacts): string {
  const { host, hostname, protocol } = siteOf(facts);
  const name = facts.clientId.replaceAll(/[^a-z0-9]+/gi, '-');
  return `http:
  middlewares:
    gatehouse-host-${name}:
      headers:
        customRequestHeaders:
          Host: '${host}'
    gatehouse-${name}:
      chain:
        middlewares: [gatehouse-names, gatehouse-host-${name}, gatehouse-check]
  routers:
    ${name}:
      rule: Host(\`${hostname}\`)
${protocol === 'https:' ? '      tls: {}\n' : ''}      middlewares: [gatehouse-${name}]
      service: ${name}
  services:
    ${name}:
      loadBalancer:
        servers:
          - url: http://127.0.0.1:3000
`;
}

export function traefikSetting(facts: SettingFacts): Setting {
  return {
    id: 'traefik',
    title: 'Traefik (ForwardAuth)',
    files: [
      { name: 'gatehouse.yaml', language: 'yaml', text: shared(facts) },
      { name: 'website.yaml', language: 'yaml', text: ofWebsite(facts) },
    ],
    notes: [...proxyNotes(facts), 'Put both into the folder of the file provider. gatehouse.yaml is there once for all websites.'],
  };
}
