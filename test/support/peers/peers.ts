import { findProgram } from './find-program.ts';

/** A real program that tests talk to, and the Debian package that brings it. */
export interface Peer {
  readonly debianPackage: string;
  readonly programs: readonly string[];
  readonly usedFor: string;
}

export const CHROMIUM: Peer = {
  debianPackage: 'chromium',
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  usedFor: 'end-to-end tests in a real browser',
};
export const SOCAT: Peer = { debianPackage: 'socat', programs: ['socat'], usedFor: 'serial lines' };
/** For libosdp, which its test installs into an environment of its own under .cache. */
export const PYTHON: Peer = { debianPackage: 'python3-venv', programs: ['python3'], usedFor: 'libosdp, a foreign OSDP implementation' };
/** For the `opa` program, which its test builds once under .cache. */
export const GO: Peer = { debianPackage: 'golang-go', programs: ['go'], usedFor: 'opa, a second Rego compiler' };
export const NGINX: Peer = { debianPackage: 'nginx-light', programs: ['nginx'], usedFor: 'a proxy that asks with auth_request' };
export const CADDY: Peer = { debianPackage: 'caddy', programs: ['caddy'], usedFor: 'a proxy that asks with forward_auth' };
/** Its HTTP module has no program of its own; the module's package brings the server. */
export const FREERADIUS: Peer = {
  debianPackage: 'freeradius-rest',
  programs: ['freeradius'],
  usedFor: 'a RADIUS server that asks about VPN logins',
};
export const RADCLIENT: Peer = { debianPackage: 'freeradius-utils', programs: ['radclient'], usedFor: 'a RADIUS client' };
export const EAPOL_TEST: Peer = {
  debianPackage: 'eapoltest',
  programs: ['eapol_test'],
  usedFor: 'a computer at a Wi-Fi, with a certificate',
};
export const OCSERV: Peer = { debianPackage: 'ocserv', programs: ['ocserv'], usedFor: 'a VPN server that asks by RADIUS' };
export const OPENCONNECT: Peer = { debianPackage: 'openconnect', programs: ['openconnect'], usedFor: 'a VPN client' };
export const OPENSSL: Peer = { debianPackage: 'openssl', programs: ['openssl'], usedFor: 'certificates of VPN servers' };
export const OPENVPN: Peer = {
  debianPackage: 'openvpn',
  programs: ['openvpn'],
  usedFor: 'a VPN server that asks over its management interface',
};
export const SWTPM: Peer = { debianPackage: 'swtpm', programs: ['swtpm'], usedFor: 'a TPM 2.0 without a chip' };
export const TPM2_TOOLS: Peer = {
  debianPackage: 'tpm2-tools',
  programs: ['tpm2_getcap'],
  usedFor: 'keys of computers in their TPM',
};
export const GLEWLWYD: Peer = {
  debianPackage: 'glewlwyd',
  programs: ['glewlwyd'],
  usedFor: 'an identity provider of another make',
};
/** A library of Ruby; its package brings the language. */
export const GITLAB_CLIENT: Peer = {
  debianPackage: 'ruby-omniauth-openid-connect',
  programs: ['ruby'],
  usedFor: 'the OpenID Connect client of GitLab',
};
export const PEERS: readonly Peer[] = [
  GLEWLWYD,
  GITLAB_CLIENT,
  CHROMIUM,
  SOCAT,
  PYTHON,
  GO,
  NGINX,
  CADDY,
  FREERADIUS,
  RADCLIENT,
  EAPOL_TEST,
  OCSERV,
  OPENCONNECT,
  OPENVPN,
  OPENSSL,
  SWTPM,
  TPM2_TOOLS,
];

/** Path of the peer's program. @throws Error naming the package when it is not installed. */
export function requirePeer(peer: Peer): string {
  const path = findProgram(peer.programs);
  if (path === null)
    throw new Error(`${peer.programs[0] ?? ''} is not installed (Debian package ${peer.debianPackage}): run npm test once`);
  return path;
}
