import type { z } from 'zod';
import type { GroupInput } from '../app/directory/types.ts';
import { explainIssue } from '../domain/explain-issue.ts';
import type { DirectoryGroup, GroupMember } from '../domain/people/group.ts';
import { tryParse } from '../domain/try-parse.ts';
import { nameSchema, visibleText } from '../platform/config/site-schema.ts';
import { parseFilter } from './filter.ts';
import { readPatch, type PatchOperation } from './patch-operations.ts';
import { isRecord } from './read-body.ts';
import { GROUP_SCHEMA } from './schemas.ts';
import { ScimError } from './scim-error.ts';
import { versionTag } from './user-resource.ts';

export interface MemberReference {
  readonly value: string;
  /** Null where the client does not say. */
  readonly kind: GroupMember['kind'] | null;
}

/** A person and a group may have one id. */
export const referenceKey = ({ kind, value }: MemberReference): string => `${kind ?? ''}:${value}`;

export function toGroupResource(
  { createdAtMs, displayName, externalId, id, members, modifiedAtMs, version }: DirectoryGroup,
  base: string,
) {
  return {
    schemas: [GROUP_SCHEMA],
    id,
    displayName,
    ...(externalId === null ? {} : { externalId }),
    members: members.map((member) => toMemberResource(member, base)),
    meta: {
      resourceType: 'Group',
      created: new Date(createdAtMs).toISOString(),
      lastModified: new Date(modifiedAtMs).toISOString(),
      location: `${base}/Groups/${id}`,
      version: versionTag(version),
    },
  };
}

function toMemberResource({ id, kind }: GroupMember, base: string) {
  const type = kind === 'person' ? 'User' : 'Group';
  return { value: id, type, $ref: `${base}/${type}s/${encodeURIComponent(id)}` };
}

const NAME: z.ZodType<string> = nameSchema;
const EXTERNAL_ID = visibleText(1, 256).nullish();

function read<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const parsed = tryParse(schema, value, { error: explainIssue });
  if (!parsed.success) throw new ScimError(400, 'invalidValue', `${name} ${parsed.error.issues[0]?.message ?? 'cannot be used'}`);
  return parsed.data;
}

/** Names of attributes have no case. */
function attribute(body: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = Object.keys(body).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : body[key];
}

/** The whole group, as POST and PUT say it. @throws ScimError invalidValue */
export function readGroup(
  body: Readonly<Record<string, unknown>>,
): Omit<GroupInput, 'members'> & { readonly members: readonly MemberReference[] } {
  return {
    displayName: read(NAME, 'displayName', attribute(body, 'displayName')),
    externalId: read(EXTERNAL_ID, 'externalId', attribute(body, 'externalId')) ?? null,
    members: readMembers(attribute(body, 'members')),
  };
}

/** One or several, as objects with a `value`. */
function readMembers(value: unknown): MemberReference[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((member: unknown) => {
    const id = isRecord(member) ? attribute(member, 'value') : member;
    if (typeof id !== 'string' || id === '' || id.length > 128)
      throw new ScimError(400, 'invalidValue', 'members.value is the id of a person or group.');
    return { value: id, kind: isRecord(member) ? kindOf(member) : null };
  });
}

function kindOf(member: Readonly<Record<string, unknown>>): MemberReference['kind'] {
  const type = attribute(member, 'type');
  const lowered = typeof type === 'string' ? type.toLowerCase() : '';
  if (lowered === 'user') return 'person';
  if (lowered === 'group') return 'group';
  const reference = attribute(member, '$ref');
  if (typeof reference !== 'string') return null;
  return reference.includes('/Groups/') ? 'group' : reference.includes('/Users/') ? 'person' : null;
}

type Change = (input: GroupInput, known: ReadonlyMap<string, GroupMember>) => GroupInput;

/** What a PATCH does, and the members it names, which have to be looked up first. @throws ScimError */
export function readGroupPatch(body: Readonly<Record<string, unknown>>): {
  readonly references: readonly MemberReference[];
  readonly apply: (group: DirectoryGroup, known: ReadonlyMap<string, GroupMember>) => GroupInput;
} {
  const references: MemberReference[] = [];
  const changes = readPatch(body).map((operation) => toChange(operation, references));
  return {
    references,
    apply: ({ displayName, externalId, members }, known) =>
      changes.reduce<GroupInput>((input, change) => change(input, known), { displayName, externalId, members }),
  };
}

function toChange({ op, path, value }: PatchOperation, references: MemberReference[]): Change {
  const lowered = path.toLowerCase();
  // Okta sends the id along with what it changes.
  if (lowered === 'id' || lowered === 'schemas' || lowered.startsWith('urn:')) return (input) => input;
  if (lowered === 'displayname') {
    if (op === 'remove') throw new ScimError(400, 'invalidValue', 'displayName cannot be removed.');
    const displayName = read(NAME, 'displayName', value);
    return (input) => ({ ...input, displayName });
  }
  if (lowered === 'externalid') {
    const externalId = op === 'remove' ? null : (read(EXTERNAL_ID, 'externalId', value) ?? null);
    return (input) => ({ ...input, externalId });
  }
  if (lowered === 'members') return toMembersChange(op, value, references);
  const [, filterText] = /^members\[(.{1,400})\]$/i.exec(path) ?? [];
  if (filterText === undefined)
    throw new ScimError(400, lowered === 'meta' ? 'mutability' : 'invalidPath', `There is no attribute ${path.slice(0, 64)}.`);
  if (op !== 'remove') throw new ScimError(400, 'mutability', 'A member is added or removed, not changed.');
  const { matches } = parseFilter(filterText);
  return (input) => ({ ...input, members: input.members.filter((member) => !matches(toMemberResource(member, ''))) });
}

function toMembersChange(op: PatchOperation['op'], value: unknown, references: MemberReference[]): Change {
  const named = readMembers(value);
  if (op === 'remove') {
    const gone = new Set(named.map(referenceKey));
    const isGone = ({ id: of, kind }: GroupMember): boolean => [null, kind].some((one) => gone.has(referenceKey({ kind: one, value: of })));
    // RFC 7644 3.5.2.2: without a value all of them; Entra names those that it removes.
    return (input) => ({
      ...input,
      members: value === undefined || value === null ? [] : input.members.filter((member) => !isGone(member)),
    });
  }
  references.push(...named);
  return (input, known) => {
    const added = named.flatMap((reference) => known.get(referenceKey(reference)) ?? []);
    if (op === 'replace') return { ...input, members: added };
    const present = new Set(input.members.map(({ id, kind }) => `${kind}:${id}`));
    return { ...input, members: [...input.members, ...added.filter(({ id, kind }) => !present.has(`${kind}:${id}`))] };
  };
}
