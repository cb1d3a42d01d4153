import { z } from 'zod';
import { field } from './field.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const VPN_REALMS_MAX = 100;

/** Linux: sun_path has 108 bytes with the closing zero. */
const socketPath = z
  .string()
  .max(107)
  .regex(/^\/[^\0\r\n]+$/, 'is not an absolute path');

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
  })
  // The server's own list of tunnels is the whole truth about its realm.
  .refine((realm) => realm.openvpn_socket === undefined || (realm.key_sha256 === undefined && realm.ocserv_socket === undefined), {
    path: ['openvpn_socket'],
    message: 'belongs to a realm of its own, without key_sha256 and ocserv_socket',
  });
