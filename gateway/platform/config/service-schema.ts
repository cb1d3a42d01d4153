import { z } from 'zod';
import { parseCidr } from '../../domain/site/address-range.ts';
import { field } from './field.ts';

export const TRUSTED_PROXIES_MAX = 32;
/** Bounds what a stolen access token is worth: no revocation can call it back from a resource server that only checks signatures. */
export const ACCESS_TOKEN_TTL_S_MAX = 300;

export const cidrSchema = z
  .string()
  .max(64)
  .refine((text) => parseCidr(text) !== null, 'is not a network in CIDR form without host bits, such as 10.1.0.0/16');

const publicUrl = z
  .string()
  .max(2_048)
  .refine((text) => URL.canParse(text) && text.replace(/\/$/, '') === new URL(text).origin && /^https?:$/.test(new URL(text).protocol), {
    message: 'is not an origin such as https://gatehouse.example (no path, no query)',
  });

export const serviceShape = {
  public_url: field(
    publicUrl.default('http://localhost:8080'),
    'URL',
    'Where browsers reach the gateway. It is the OpenID issuer and the origin of every passkey: changing it later makes passkeys useless.',
  ),
  listen: field(
    z
      .strictObject({
        host: field(
          z.string().min(1).max(255).default('127.0.0.1'),
          'address',
          'Loopback by default: something that ends TLS stands in front.',
        ),
        port: field(z.int().min(0).max(65_535).default(8_080), 'TCP port', '0 lets the system choose a free one.'),
        plain_http_reason: field(
          z.string().trim().min(10).max(200).optional(),
          'text',
          'The named exception for listening beyond loopback without TLS in front, such as a container whose port is published on loopback only.',
        ),
      })
      .prefault({}),
    'section',
    'Where the gateway listens. It speaks plain HTTP and leaves TLS to a proxy.',
  ),
  data_dir: field(
    z.string().min(1).max(1_024).default('./data'),
    'path',
    'Store, log, keys and control socket; readable by the owner only.',
  ),
  country_database: field(
    z.string().min(1).max(1_024).optional(),
    'path',
    'MaxMind DB file (.mmdb) of your own that maps addresses to countries, for the ready policy on travel. Without it the country of an address elsewhere is unknown.',
  ),
  trusted_proxies: field(
    z.array(cidrSchema).max(TRUSTED_PROXIES_MAX).default([]),
    'list of CIDR',
    'Proxies whose forwarding headers are believed. A caller who may invent its own address also invents its network zone.',
  ),
} as const;

const ttl = (minS: number, maxS: number, defaultS: number) => z.int().min(minS).max(maxS).default(defaultS);

export const oidcSchema = z.strictObject({
  access_token_ttl_s: field(
    ttl(30, ACCESS_TOKEN_TTL_S_MAX, 300),
    'seconds, 30 to 300',
    'Bounds how long a token outlives a suspension at a resource server that does not ask back.',
  ),
  refresh_token_ttl_s: field(ttl(60, 2_592_000, 28_800), 'seconds', 'Every refresh is decided again; this only ends what nobody uses.'),
  session_ttl_s: field(ttl(60, 86_400, 28_800), 'seconds, at most a day', 'One working day: then the passkey is asked for again.'),
  key_publish_ahead_s: field(
    z.int().min(60).max(604_800).default(3_600),
    'seconds',
    'A new signing key is published this long before it signs: clients that cache the key set must not meet a key that they do not know.',
  ),
  fresh_badge_s: field(
    z.int().min(30).max(3_600).default(300),
    'seconds',
    'How long a badge at a reader counts as fresh (acr fresh-badge).',
  ),
  desk_agent_port: field(
    z.int().min(1_024).max(65_535).default(7_421),
    'port',
    "Where the desk agent of a person's own computer listens on 127.0.0.1; the sign-in page may talk to no other.",
  ),
});

export const consoleSchema = z.strictObject({
  session_ttl_s: field(
    ttl(60, 86_400, 28_800),
    'seconds, at most a day',
    'Operators hold more power than others; their sessions end with the shift.',
  ),
  cli_token_ttl_s: field(ttl(60, 86_400, 3_600), 'seconds, at most a day', 'A bearer token in a shell history must be worth little.'),
  enrolment_link_ttl_s: field(
    ttl(60, 86_400, 900),
    'seconds, at most a day',
    'Whoever holds the link becomes the person: hand it over, do not post it.',
  ),
  reinstatement_ttl_s: field(
    ttl(60, 86_400, 3_600),
    'seconds, at most a day',
    "How long the first operator's request waits for a second, different one.",
  ),
});

export const decideSchema = z.strictObject({
  timeout_ms: field(
    z.int().min(50).max(2_000).default(1_000),
    'milliseconds',
    'A decision that is not made and durable by then is a deny. Below the 2 s after which the log itself gives up; not so short that a busy disk locks people out.',
  ),
});

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const logSchema = z.strictObject({
  level: field(
    z.enum(LOG_LEVELS).default('info'),
    LOG_LEVELS.join(', '),
    'Logs help operators; evidence is in the audit log whatever is set here.',
  ),
});
