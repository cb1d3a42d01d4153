import { z } from 'zod';
import { ASSURANCE_LEVELS } from '../../domain/access/assurance.ts';
import { field } from './field.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const UPSTREAMS_MAX = 20;
export const UPSTREAM_DOMAINS_MAX = 100;
export const UPSTREAM_RATINGS_MAX = 50;

const issuerSchema = z
  .string()
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.search === '' && url.hash === '';
  }, 'is not an issuer: an https address without query and fragment, exactly as the provider states it');

const claimName = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'is not the name of a claim');
const claimValue = z.string().regex(/^[\x21-\x7e]{1,256}$/, 'is not 1 to 256 visible characters');
const domain = z
  .string()
  .max(253)
  .regex(/^(?=.*\.)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, 'is not a domain in lower case, such as example.org');

const ratingSchema = z
  .strictObject({
    acr: field(z.array(claimValue).max(20).optional(), 'list of acr values', 'One of them must be the acr of the ID token.'),
    amr: field(z.array(claimValue).max(20).optional(), 'list of amr values', 'All of them must be in the amr of the ID token.'),
    gives: field(
      z.enum(ASSURANCE_LEVELS),
      'aal1, aal2 or aal3',
      'What such a sign-in is worth (NIST SP 800-63B-4). The ready policy takes aal2 at apps of sensitivity 0 to 3, aal3 at all; aal1 leads to a passkey.',
    ),
  })
  .refine((rating) => (rating.acr ?? []).length + (rating.amr ?? []).length > 0, {
    path: ['amr'],
    message: 'and acr are empty: such a row would rate every sign-in',
  });

const accountSchema = z
  .strictObject({
    claim: field(
      claimName.default('email'),
      'name of a claim',
      'Claim of the ID token, or of the user information, that says whose account it is. One that people can change themselves lets them become others.',
    ),
    is: field(
      z.enum(['email', 'external_id', 'user_name']).default('email'),
      'email, external_id or user_name',
      'What the claim is compared with: the e-mail address, or what a directory has said over SCIM.',
    ),
    email_domains: field(
      z.array(domain).max(UPSTREAM_DOMAINS_MAX).default([]),
      'list of domains',
      'With `is: email`: addresses of these only, and only where the provider says email_verified.',
    ),
    create: field(
      z.boolean().default(false),
      'true or false',
      'Whoever is not known yet becomes a person at the first sign-in, without groups and roles. Else they are refused.',
    ),
  })
  .refine((account) => account.is !== 'email' || account.email_domains.length > 0, {
    path: ['email_domains'],
    message: 'is empty: a provider speaks for the addresses of the domains that are its own, and for no others',
  })
  .refine((account) => account.is !== 'email' || account.claim === 'email', {
    path: ['claim'],
    message: 'is email where it is compared with e-mail addresses: email_verified speaks of that claim only',
  });

export const upstreamSchema = z.strictObject({
  id: field(idSchema, 'id', 'Part of the return address, and named in the log; do not change it later.'),
  name: field(nameSchema, 'text', 'On the sign-in page: “Continue with NAME”.'),
  issuer: field(issuerSchema, 'address', 'OpenID issuer; its metadata is read from there.'),
  client_id: field(
    z.string().regex(/^[\x21-\x7e]{1,256}$/, 'is not 1 to 256 visible characters'),
    'text',
    'As which the provider knows this gateway. Return address there: PUBLIC_URL/upstream/ID/callback.',
  ),
  client_auth: field(
    z.enum(['secret_basic', 'secret_post', 'private_key_jwt']).default('secret_basic'),
    'secret_basic, secret_post or private_key_jwt',
    'The secret is given with `gatehouse upstream secret ID`; for private_key_jwt the gateway has a key, published at PUBLIC_URL/upstream/ID/jwks.json.',
  ),
  id_token_alg: field(
    z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256'),
    'algorithm',
    'With which the provider signs ID tokens and logout tokens; any other is refused.',
  ),
  scopes: field(
    z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/, 'is not a scope'))
      .max(20)
      .default(['openid', 'email', 'profile']),
    'list of scopes',
    'Asked for; openid always is.',
  ),
  mode: field(
    z.enum(['before_passkey', 'instead_of_passkey']).default('before_passkey'),
    'before_passkey or instead_of_passkey',
    'before_passkey: a sign-in to an app needs both, the account there and then a passkey of the same person. instead_of_passkey: either; how much the account is worth say the ratings.',
  ),
  account: field(accountSchema.prefault({ email_domains: [] }), 'section', 'Whose account it is.'),
  ratings: field(
    z.array(ratingSchema).max(UPSTREAM_RATINGS_MAX).default([]),
    'list',
    'With instead_of_passkey: what acr and amr of the provider are worth. The first that fits counts; without one the sign-in is aal1.',
  ),
  max_age_s: field(
    z.int().min(60).max(86_400).default(28_800),
    'seconds',
    'Oldest authentication at the provider that is taken with instead_of_passkey (max_age, auth_time).',
  ),
});
