import { describe, expect, it } from 'vitest';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { VPN_REALMS_MAX } from '#gateway/platform/config/vpn-schema.ts';

const KEY = 'a'.repeat(64);
const realm = (change: object = {}) => ({ id: 'staff', name: 'Staff VPN', ...change });
const parse = (...realms: readonly object[]) => parseConfig({ vpn_realms: realms });

describe('VPN realms', () => {
  it('need a name only: then nothing asks about them, and nothing can be told', () => {
    expect(parse(realm()).vpn).toEqual([
      {
        realmId: 'staff',
        keySha256: null,
        sessionTtlS: 43_200,
        interimS: 60,
        ocservSocket: null,
        openvpnSocket: null,
        push: false,
        certificates: null,
        disconnect: [],
      },
    ]);
  });

  it('take RADIUS and ocserv together, and OpenVPN by itself', () => {
    expect(parse(realm({ key_sha256: KEY, ocserv_socket: '/run/occtl.socket' })).vpn).toMatchObject([
      { keySha256: KEY, ocservSocket: '/run/occtl.socket' },
    ]);
    expect(parse(realm({ openvpn_socket: '/run/o.sock' })).vpn).toMatchObject([{ openvpnSocket: '/run/o.sock' }]);
  });

  it('take certificates of issuers that are named, and servers that end sessions', () => {
    const certificates = { issuers: ['/O=Example/CN=Computers'], vlans: [{ group: 'engineering', vlan: 20 }, { vlan: 30 }] };
    const disconnect = [
      { nas: '192.0.2.10', secret_file: '/etc/ap.secret' },
      { nas: 'ap-2', host: '2001:db8::2', port: 1_700, secret_file: 'ap' },
    ];
    expect(parse(realm({ key_sha256: KEY, certificates, disconnect })).vpn).toMatchObject([
      {
        certificates: {
          issuers: ['/O=Example/CN=Computers'],
          vlans: [
            { group: 'engineering', vlan: 20 },
            { group: null, vlan: 30 },
          ],
        },
        disconnect: [
          { nas: '192.0.2.10', host: '192.0.2.10', port: 3_799, secretFile: '/etc/ap.secret' },
          { nas: 'ap-2', host: '2001:db8::2', port: 1_700, secretFile: expect.stringMatching(/^\/.*\/ap$/) as string },
        ],
      },
    ]);
  });

  const nas = { nas: '192.0.2.10', secret_file: 'ap.secret' };
  it.each([
    ['certificates of no issuer', { certificates: { issuers: [] } }, 'certificates.issuers'],
    ['a VLAN that is none', { certificates: { issuers: ['/CN=x'], vlans: [{ vlan: 4_095 }] } }, 'certificates.vlans[0].vlan'],
    ['a server by name without its address', { disconnect: [{ ...nas, nas: 'ap-1' }] }, 'disconnect[0].nas'],
    ['a server twice', { disconnect: [nas, nas] }, 'disconnect[1].nas'],
    ['ocserv beside servers that are told over RADIUS', { disconnect: [nas], ocserv_socket: '/run/a.sock' }, 'disconnect'],
    ['push behind ocserv', { push: true, ocserv_socket: '/run/a.sock' }, 'push'],
    ['push without a RADIUS server', { key_sha256: undefined, push: true }, 'push'],
    ['certificates without a RADIUS server', { key_sha256: undefined, certificates: { issuers: ['/CN=x'] } }, 'key_sha256'],
    ['servers to tell without a RADIUS server', { key_sha256: undefined, disconnect: [nas] }, 'key_sha256'],
  ])('of a Wi-Fi are refused with %s', (_name, change, field) => {
    expect(() => parse(realm({ key_sha256: KEY, ...change }))).toThrow(`vpn_realms[0].${field}`);
  });

  it.each([
    ['a key in clear text', { key_sha256: 'secret' }, 'key_sha256'],
    ['a socket that is no absolute path', { ocserv_socket: 'occtl.socket' }, 'ocserv_socket'],
    ['a socket path longer than the system takes', { openvpn_socket: `/${'a'.repeat(107)}` }, 'openvpn_socket'],
    ['signs of life closer than RADIUS allows', { interim_s: 59 }, 'interim_s'],
    ['sessions longer than a week', { session_ttl_s: 604_801 }, 'session_ttl_s'],
    ['OpenVPN beside RADIUS', { key_sha256: KEY, openvpn_socket: '/run/o.sock' }, 'openvpn_socket'],
    ['OpenVPN beside ocserv', { ocserv_socket: '/run/a.sock', openvpn_socket: '/run/o.sock' }, 'openvpn_socket'],
    ['an unknown site', { site: 'x' }, 'site'],
  ])('are refused with %s', (_name, change, field) => {
    expect(() => parse(realm(change))).toThrow(`vpn_realms[0].${field}`);
  });

  it('have ids and keys of their own', () => {
    expect(() => parse(realm(), realm())).toThrow('vpn_realms[1].id');
    expect(() => parse(realm({ key_sha256: KEY }), realm({ id: 'labs', key_sha256: KEY }))).toThrow('vpn_realms[1].key_sha256');
  });

  it('are as many as allowed', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => realm({ id: `r${String(index)}` }));
    expect(parse(...many(VPN_REALMS_MAX)).vpn).toHaveLength(VPN_REALMS_MAX);
    expect(() => parse(...many(VPN_REALMS_MAX + 1))).toThrow('vpn_realms');
  });
});
