import { isIP } from 'node:net';
import { z } from 'zod';
import { field } from './field.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const VPN_REALMS_MAX = 100;
export const CERTIFICATE_ISSUERS_MAX = 16;
export const VLANS_MAX = 100;
export const NASES_MAX = 1_000;

/** Linux: sun_path has 108 bytes with the closing zero. */
const socketPath = z
  .string()
  .max(107)
  .regex(/^\/[^\0\r\n]+$/, 'is not an absolute path');

const vlanSchema = z.strictObject({
  group: field(nameSchema.optional(), 'text', 'People of this group, as the directory has it; absent = everybody.'),
  vlan: field(z.int().min(1).max(4_094), 'number', 'The VLAN of their computers.'),
});

const certificatesSchema = z.strictObject({
  issuers: field(
    z
      .array(z.string().regex(/^[\x20-\x7e]{1,253}$/, 'is not 1 to 253 plain characters'))
      .min(1)
      .max(CERTIFICATE_ISSUERS_MAX),
    'list of names',
    'Issuers of computers’ certificates, as FreeRADIUS writes them: /O=Example/CN=Example Devices CA. The log names one that is missing here.',
  ),
  vlans: field(
    z.array(vlanSchema).max(VLANS_MAX).default([]),
    'list of rows',
    'Where the network puts a computer that is let in: the first row that holds for its person. None = the network decides.',
  ),
});

const nasSchema = z.strictObject({
  nas: field(
    z.string().regex(/^[\x21-\x7e]{1,253}$/, 'is not 1 to 253 visible characters'),
    'address or name',
    'As it calls itself in accounting: NAS-IP-Address, else NAS-IPv6-Address, else NAS-Identifier.',
  ),
  host: field(z.union([z.ipv4(), z.ipv6()]).optional(), 'IP address', 'Where it listens; absent = nas, which then is an address.'),
  port: field(z.int().min(1).max(65_535).default(3_799), 'UDP port', 'Where it listens for Disconnect-Request (RFC 5176).'),
  secret_file: field(
    z.string().min(1).max(4_096),
    'path',
    'A file of nobody else’s (mode 0600) with the shared secret, 16 characters or more.',
  ),
});

export const vpnRealmSchema = z
  .strictObject({
    id: field(idSchema, 'id', 'Used in the log, in grants and in the policy; do not change it later.'),
    name: field(nameSchema, 'text', 'As people call it.'),
    site: field(idSchema.optional(), 'site id', 'The site it leads to.'),
    sensitivity: field(z.int().min(0).max(5).default(1), '0 public to 5 critical', 'What the policy makes of it.'),
    key_sha256: field(
      z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex')
        .optional(),
      'hex, 64 characters',
      'SHA-256 of the random key (openssl rand -hex 32) with which its RADIUS server asks. Without one nothing asks for it over RADIUS.',
    ),
    session_ttl_s: field(
      z.int().min(60).max(604_800).default(43_200),
      'seconds, at most a week',
      'A tunnel ends after this and a new code is needed.',
    ),
    interim_s: field(
      z.int().min(60).max(3_600).default(60),
      'seconds, 60 or more (RFC 2869 5.16)',
      'How often the VPN server tells that a tunnel is up; each time the policy is asked again.',
    ),
    ocserv_socket: field(socketPath.optional(), 'path', 'occtl-socket-file of an ocserv on this host: a suspension ends its tunnels.'),
    openvpn_socket: field(
      socketPath.optional(),
      'path',
      'Management socket (--management PATH unix) of an OpenVPN server on this host: connections ask here, and a suspension ends them.',
    ),
    push: field(
      z.boolean().default(false),
      'true or false',
      'Whoever types push instead of a code says yes with a passkey at PUBLIC_URL/oidc/approve, within 25 s. For servers that ask about many at once: ocserv does not.',
    ),
    certificates: field(
      certificatesSchema.optional(),
      'issuers, vlans',
      'EAP-TLS at a Wi-Fi or a wired network: computers with a desk agent are let in by certificate and posture. Absent = by none.',
    ),
    disconnect: field(
      z.array(nasSchema).max(NASES_MAX).default([]),
      'list of servers',
      'Access points and VPN servers that end sessions when they are told to (RFC 5176): a suspension does.',
    ),
  })
  // The server's own list of tunnels is the whole truth about its realm.
  .refine((realm) => realm.openvpn_socket === undefined || (realm.key_sha256 === undefined && realm.ocserv_socket === undefined), {
    path: ['openvpn_socket'],
    message: 'belongs to a realm of its own, without key_sha256 and ocserv_socket',
  })
  .refine((realm) => realm.key_sha256 !== undefined || (realm.certificates === undefined && realm.disconnect.length === 0), {
    path: ['key_sha256'],
    message: 'is missing: certificates and disconnect belong to a realm whose RADIUS server asks',
  })
  .refine((realm) => !realm.push || (realm.key_sha256 !== undefined && realm.ocserv_socket === undefined), {
    path: ['push'],
    message: 'belongs to a realm whose RADIUS server asks (key_sha256), and not behind ocserv: who waits would keep all others waiting',
  })
  // Two ways to end the same tunnel, and neither knows what the other has ended.
  .refine((realm) => realm.ocserv_socket === undefined || realm.disconnect.length === 0, {
    path: ['disconnect'],
    message: 'and ocserv_socket belong to realms of their own',
  })
  .superRefine(({ disconnect }, context) => {
    const seen = new Set<string>();
    disconnect.forEach(({ host, nas }, index) => {
      const path = ['disconnect', index, 'nas'];
      if (seen.has(nas)) context.addIssue({ code: 'custom', path, message: 'is there twice' });
      seen.add(nas);
      if (host === undefined && isIP(nas) === 0) context.addIssue({ code: 'custom', path, message: 'is a name: give its address as host' });
    });
  });
