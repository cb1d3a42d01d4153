import { isActive, type DirectoryUsers } from '../app/directory/users.ts';
import type { DirectoryUser, UserOutcome, UserRefusal } from '../app/directory/types.ts';
import { EXTERNAL_ID_OWNERS_MAX } from '../ports/directory-store.ts';
import { PEOPLE_PAGE_MAX } from '../ports/people-store.ts';
import { createEndpoint, toResourceReply, type ScimEndpoint } from './endpoint.ts';
import { createPage, readListQuery, toListResponse, type ListQuery } from './list-query.ts';
import { readPatch } from './patch-operations.ts';
import { patchUser } from './patch-user.ts';
import { project } from './projection.ts';
import { patchIsInactive, userIsInactive } from './says-inactive.ts';
import { ScimError, unknownResource, type ScimReply } from './scim-error.ts';
import { toUserDocument, toUserInput, toUserResource } from './user-resource.ts';

/** What a refusal of the directory is in RFC 7644 3.12. */
export function toUserError(code: UserRefusal, id: string): ScimError {
  switch (code) {
    case 'resource.unknown':
      return unknownResource(id);
    case 'version.other':
      return new ScimError(412, null, 'The resource was changed since it was read.');
    case 'user_name.taken':
      return new ScimError(409, 'uniqueness', 'Another person has this userName.');
    case 'email.taken':
      return new ScimError(409, 'uniqueness', 'Another person has this e-mail address.');
    case 'reinstatement.needed':
      return new ScimError(
        400,
        'mutability',
        'The person is suspended. Two operators of the gateway bring a suspended person back (gatehouse reinstate); no directory does. Nothing was changed.',
      );
  }
}

export function createUsersEndpoint(users: DirectoryUsers, base: string): ScimEndpoint {
  const answer = (user: DirectoryUser, status: number, query: URLSearchParams): ScimReply => {
    const { id, version } = user.person;
    return toResourceReply({ resource: toUserResource(user, base), location: `${base}/Users/${id}`, version }, status, query);
  };
  const outcomeReply = (outcome: UserOutcome, id: string, status: number, query: URLSearchParams): ScimReply => {
    if (!outcome.ok) throw toUserError(outcome.code, id);
    return answer(outcome.user, status, query);
  };

  return createEndpoint({
    list: ({ query }) => list(users, base, readListQuery(query)),
    create: async ({ body, client, query }) => {
      const input = toUserInput(toUserDocument(body), { active: true });
      return outcomeReply(await users.create(client, input), '', 201, query);
    },
    one: {
      GET: async ({ query }, id) => {
        const user = await users.find(id);
        if (user === null) throw unknownResource(id);
        return answer(user, 200, query);
      },
      PUT: async ({ body, client, ifMatch, query }, id) => {
        const apply = (user: DirectoryUser) => toUserInput(toUserDocument(body), { active: isActive(user.person) });
        return outcomeReply(await users.change(client, id, ifMatch, { isInactive: userIsInactive(body), apply }), id, 200, query);
      },
      PATCH: async ({ body, client, ifMatch, query }, id) => {
        const apply = (user: DirectoryUser) => patchUser(user, readPatch(body));
        return outcomeReply(await users.change(client, id, ifMatch, { isInactive: patchIsInactive(body), apply }), id, 200, query);
      },
      DELETE: async ({ client, ifMatch }, id) => {
        const outcome = await users.remove(client, id, ifMatch);
        if (!outcome.ok) throw toUserError(outcome.code, id);
        return { status: 204, body: null };
      },
    },
  });
}

async function list(users: DirectoryUsers, base: string, query: ListQuery): Promise<object> {
  const page = createPage<Readonly<Record<string, unknown>>>(query);
  const { filter } = query;
  const take = (user: DirectoryUser): void => {
    const resource = toUserResource(user, base);
    if (filter === null || filter.matches(resource)) page.take(resource);
  };
  const found = filter?.equals == null ? undefined : await lookUp(users, filter.equals);
  if (found !== undefined) found.forEach(take);
  else {
    let after: string | null = null;
    do {
      const { next, users: some } = await users.list(after, PEOPLE_PAGE_MAX);
      some.forEach(take);
      after = next;
    } while (after !== null);
  }
  const resources = page.end().map((resource) => project(resource, query.projection));
  return toListResponse(resources, page.total(), query.startIndex);
}

/** By an index; undefined where there is none for the attribute. */
async function lookUp(
  users: DirectoryUsers,
  { path, value }: { readonly path: string; readonly value: string },
): Promise<readonly DirectoryUser[] | undefined> {
  const one = (user: DirectoryUser | null): readonly DirectoryUser[] => (user === null ? [] : [user]);
  if (path === 'userName') return one(await users.findByUserName(value));
  if (path === 'id') return one(await users.find(value));
  if (path === 'email') return one(await users.findByEmail(value));
  if (path === 'externalId') {
    const found = await users.findByExternalId(value);
    // There may be more than a look-up returns: then everybody is looked at.
    return found.length < EXTERNAL_ID_OWNERS_MAX ? found : undefined;
  }
  return undefined;
}
