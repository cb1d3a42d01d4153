import { z } from 'zod';
import { field } from './field.ts';
import { idSchema } from './site-schema.ts';

export const AUTHZEN_CLIENTS_MAX = 200;
export const AUTHZEN_RESOURCES_PER_CLIENT_MAX = 500;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex');

export const authzenClientSchema = z.strictObject({
  id: field(idSchema, 'id', 'Stands in the log as the one who asked.'),
  key_sha256: field(
    sha256,
    'hex, 64 characters',
    'SHA-256 of a random key of at least 256 bits (openssl rand -hex 32). The key itself stays with the client: this file holds none.',
  ),
  actions: field(
    z
      .array(z.enum(['door.unlock', 'app.login', 'token.refresh', 'vpn.connect']))
      .min(1)
      .max(4),
    'list of door.unlock, app.login, token.refresh, vpn.connect',
    'What it may ask about.',
  ),
  resources: field(
    z
      .array(z.string().regex(/^(door|app|vpn_realm)(:[a-z0-9][a-z0-9_-]{0,62})?$/, 'is not door, app or vpn_realm, alone or as door:ID'))
      .min(1)
      .max(AUTHZEN_RESOURCES_PER_CLIENT_MAX),
    'list of door, app, vpn_realm or door:ID',
    'Of what it may ask it: a client that may ask about everything can map who may go where.',
  ),
  obligations: field(
    z
      .array(z.enum(['step_up', 'extended_open_time']))
      .max(2)
      .default([]),
    'list of step_up, extended_open_time',
    'What its enforcement points can do beside opening; a permit that needs anything else is a deny there.',
  ),
  secure_readers: field(
    z.boolean().default(false),
    'true or false',
    'Its readers hand badge numbers over protected lines only. Without that no door is opened: a number in clear text may be anybody’s.',
  ),
});

export const authzenSchema = z.strictObject({
  clients: field(
    z.array(authzenClientSchema).max(AUTHZEN_CLIENTS_MAX).default([]),
    'list',
    'Who may ask for decisions. Without one the AuthZEN addresses do not exist.',
  ),
});
