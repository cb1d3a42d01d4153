import { z } from 'zod';
import { clientFields, clientProblems } from './client-schema.ts';
import { clientUri } from './client-uri.ts';
import { field } from './field.ts';
import { cidrSchema } from './service-schema.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const APPS_MAX = 500;
export const URIS_PER_APP_MAX = 20;
export const NETWORKS_MAX = 1_000;
export const SCHEDULES_MAX = 200;

/** What the policy knows of a system that people sign in to. */
export const resourceRules = {
  sensitivity: field(z.int().min(0).max(5).default(1), '0 public to 5 critical', 'What the policy makes of it: step-up, freshness.'),
  site: field(idSchema.optional(), 'site id', 'The site it belongs to; its time zone counts for schedules.'),
  requires_area: field(idSchema.optional(), 'area id', 'The area in which a person must be to use it.'),
  max_presence_age_s: field(
    z.int().min(0).max(604_800).default(36_000),
    'seconds, 0 = any',
    'Older belief about where somebody is does not count.',
  ),
  allowed_networks: field(
    z
      .array(z.enum(['site', 'vpn_egress', 'elsewhere']))
      .max(3)
      .default([]),
    'list of site, vpn_egress, elsewhere',
    'Networks from which it may be used; empty = all.',
  ),
  max_auth_age_s: field(z.int().min(0).max(86_400).default(0), 'seconds, 0 = any', 'Older sign-ins must use the passkey again.'),
};

export const appSchema = z
  .strictObject({
    id: field(idSchema, 'id', 'Used in the log, in grants and in the policy; do not change it later.'),
    name: field(nameSchema, 'text', 'Shown on the sign-in page.'),
    client_id: field(z.string().regex(/^[\x21-\x7e]{1,128}$/, 'is not 1 to 128 visible characters'), 'text', 'OIDC client identifier.'),
    public: field(
      z.boolean().default(false),
      'true or false',
      'A client that cannot keep a secret (browser, mobile); PKCE is required of every client.',
    ),
    client_secret_sha256: field(
      z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex')
        .optional(),
      'hex, 64 characters',
      'SHA-256 of a random secret of at least 256 bits (openssl rand -hex 32). The secret itself stays with the app: this file holds none.',
    ),
    redirect_uris: field(
      z.array(clientUri).max(URIS_PER_APP_MAX).default([]),
      'list of URIs',
      'Compared exactly; none for a client that signs nobody in by a browser.',
    ),
    post_logout_redirect_uris: field(z.array(clientUri).max(URIS_PER_APP_MAX).default([]), 'list of URIs', 'Where a logout may lead.'),
    backchannel_logout_uri: field(clientUri.optional(), 'URI', 'Told at once when a session ends, for instance by a suspension.'),
    ...clientFields,
    ...resourceRules,
  })
  .superRefine((app, context) => {
    for (const { path, message } of clientProblems(app)) context.addIssue({ code: 'custom', path: [path], message });
    if (app.grants.includes('authorization_code') && app.redirect_uris.length === 0) {
      context.addIssue({ code: 'custom', path: ['redirect_uris'], message: 'is an empty list, and authorization_code needs one' });
    }
  });

export const networkSchema = z
  .strictObject({
    name: field(nameSchema, 'text', 'Shown in decisions.'),
    cidr: field(cidrSchema, 'CIDR', 'Addresses that are on no list are elsewhere.'),
    zone: field(
      z.enum(['site', 'vpn_egress']),
      'site or vpn_egress',
      'What an address of this network says about where a request comes from.',
    ),
    site: field(idSchema.optional(), 'site id', 'The site of the network; needed in zone site.'),
    country: field(
      z
        .string()
        .regex(/^[A-Z]{2}$/, 'is not a country code such as DE')
        .optional(),
      'country code',
      'Where the network is (ISO 3166-1 alpha-2), for the ready policy on travel.',
    ),
  })
  .refine((network) => network.zone !== 'site' || network.site !== undefined, { path: ['site'], message: 'is needed in zone site' });

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time from 00:00 to 24:00');

export const scheduleSchema = z
  .strictObject({
    weekdays: field(z.array(z.int().min(1).max(7)).min(1).max(7), 'list of 1 Monday to 7 Sunday', 'Days on which it applies.'),
    from: field(clockTime.default('00:00'), 'hh:mm', 'Begin, inclusive, civil time of the site.'),
    until: field(clockTime.default('24:00'), 'hh:mm', 'End, exclusive, civil time of the site.'),
    holidays: field(z.boolean().default(false), 'true or false', 'Whether it applies on the holidays of the site too.'),
  })
  .refine((schedule) => schedule.from < schedule.until, {
    path: ['until'],
    message: 'is not after from; use two schedules to span midnight',
  });
