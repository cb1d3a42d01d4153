import { z } from 'zod';
import { isActive, userNameOf } from '../app/directory/users.ts';
import type { DirectoryUser, UserInput } from '../app/directory/types.ts';
import { tryParse, type ParseError } from '../domain/try-parse.ts';
import { nameSchema, visibleText } from '../platform/config/site-schema.ts';
import { explainIssue } from '../domain/explain-issue.ts';
import { isRecord } from './read-body.ts';
import { ScimError } from './scim-error.ts';
import { USER_SCHEMA } from './schemas.ts';

/** Addresses in one request; one of them is kept. */
export const EMAILS_MAX = 20;

/** The writable half of a user, as this face takes and gives it. */
export interface UserDocument {
  readonly userName?: unknown;
  readonly externalId?: unknown;
  readonly displayName?: unknown;
  readonly name?: unknown;
  readonly emails?: unknown;
  readonly active?: unknown;
}

const WRITABLE = ['userName', 'externalId', 'displayName', 'name', 'emails', 'active'] as const;
const SUB_ATTRIBUTES = ['formatted', 'givenName', 'familyName', 'value', 'type', 'primary'] as const;

/** Names of attributes have no case (RFC 7643 2.1); those that nothing is made of are left out. */
export function toUserDocument(body: Readonly<Record<string, unknown>>): UserDocument {
  const entries = Object.entries(body).flatMap(([key, value]) => {
    const name = canonical(WRITABLE, key);
    return name === null ? [] : [[name, name === 'name' || name === 'emails' ? toSubAttributes(value) : value]];
  });
  return Object.fromEntries(entries) as UserDocument;
}

const canonical = (names: readonly string[], key: string): string | null =>
  names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? null;

/** Their names as RFC 7643 writes them. */
export function toSubAttributes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSubAttributes);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [canonical(SUB_ATTRIBUTES, key) ?? key, inner]));
}

/** Entra sends "True" and "False" (its default until an administrator adds a flag to the address). */
export function toBoolean(value: unknown): unknown {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : value;
}

const text = z.string().max(1_000).nullish();
const documentSchema = z.object({
  userName: visibleText(1, 254),
  externalId: visibleText(1, 256).nullish(),
  displayName: text,
  name: z.object({ formatted: text, givenName: text, familyName: text }).nullish(),
  emails: z
    .array(z.object({ value: z.string().max(254).nullish(), type: text, primary: z.preprocess(toBoolean, z.boolean().nullish()) }))
    .max(EMAILS_MAX)
    .nullish(),
  active: z.preprocess(toBoolean, z.boolean().nullish()),
});
type Parsed = z.output<typeof documentSchema>;

/** What the document says; `current` is what it does not say. @throws ScimError invalidValue */
export function toUserInput(document: UserDocument, current: { readonly active: boolean }): UserInput {
  const parsed = tryParse(documentSchema, document, { error: explainIssue });
  if (!parsed.success) throw invalid(parsed.error);
  const displayName = tryParse(nameSchema, displayNameOf(parsed.data), { error: explainIssue });
  if (!displayName.success)
    throw new ScimError(400, 'invalidValue', `displayName ${displayName.error.issues[0]?.message ?? 'cannot be used'}`);
  return {
    userName: parsed.data.userName,
    displayName: displayName.data,
    email: emailOf(parsed.data),
    externalId: parsed.data.externalId ?? null,
    active: parsed.data.active ?? current.active,
  };
}

function invalid({ issues }: ParseError): ScimError {
  const [issue] = issues;
  return new ScimError(400, 'invalidValue', `${issue?.path.join('.') ?? 'The body'} ${issue?.message ?? 'cannot be used'}`);
}

function displayNameOf({ displayName, name, userName }: Parsed): string {
  const joined = [name?.givenName, name?.familyName].filter((part) => part !== null && part !== undefined && part !== '').join(' ');
  return [displayName, name?.formatted, joined].find((one) => one !== null && one !== undefined && one.trim() !== '') ?? userName;
}

function emailOf({ emails }: Parsed): string | null {
  const given = (emails ?? []).filter(({ value }) => value !== null && value !== undefined && value !== '');
  const chosen = given.find(({ primary }) => primary === true) ?? given.find(({ type }) => type?.toLowerCase() === 'work') ?? given[0];
  if (chosen === undefined) return null;
  const parsed = tryParse(z.email().max(254), chosen.value);
  if (!parsed.success) throw new ScimError(400, 'invalidValue', 'emails.value is not an e-mail address.');
  return parsed.data;
}

export const versionTag = (version: number): string => `W/"${String(version)}"`;

/** The whole user, as it is answered. */
export function toUserResource(user: DirectoryUser, base: string): Readonly<Record<string, unknown>> {
  const { account, person } = user;
  const times =
    account === null
      ? {}
      : { created: new Date(account.createdAtMs).toISOString(), lastModified: new Date(account.modifiedAtMs).toISOString() };
  return {
    schemas: [USER_SCHEMA],
    id: person.id,
    ...toPatchable(user),
    groups: person.groups.map((value) => ({ value })),
    meta: { resourceType: 'User', ...times, location: `${base}/Users/${person.id}`, version: versionTag(person.version) },
  };
}

/** What a PATCH works on. */
export function toPatchable(user: DirectoryUser): UserDocument & Readonly<Record<string, unknown>> {
  const { account, person } = user;
  return {
    userName: userNameOf(user),
    ...(account === null || account.externalId === null ? {} : { externalId: account.externalId }),
    displayName: person.displayName,
    name: { formatted: person.displayName },
    ...(person.email === null ? {} : { emails: [{ value: person.email, type: 'work', primary: true }] }),
    active: isActive(person),
  };
}
