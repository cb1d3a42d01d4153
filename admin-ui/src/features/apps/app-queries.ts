import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { appChoicesSchema, appDetailSchema, appSettingsSchema, appsSchema, registeredClientsSchema } from '#gateway/http/contract/apps.ts';
import { identityProviderSchema } from '#gateway/http/contract/oidc-admin.ts';
import { policyDataViewSchema } from '#gateway/http/contract/policy-data.ts';
import { getJson, postJson } from '../../shared/api/client.ts';

/** Ending the sessions of an app of many people takes time: each of them is told. */
const WORK_TIMEOUT_MS = 60_000;

/** What an operator does to an app or to the provider. */
export const postWork = <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> => postJson(path, body, schema, WORK_TIMEOUT_MS);

export const appPath = (id: string): string => `/api/apps/${encodeURIComponent(id)}`;

export const appsQuery = queryOptions({
  queryKey: ['apps', 'list'],
  queryFn: ({ signal }) => getJson('/api/apps', appsSchema, signal),
  refetchInterval: 15_000,
});

export const appChoicesQuery = queryOptions({
  queryKey: ['apps', 'choices'],
  queryFn: ({ signal }) => getJson('/api/app-choices', appChoicesSchema, signal),
});

export const appQuery = (id: string) =>
  queryOptions({ queryKey: ['apps', 'one', id], queryFn: ({ signal }) => getJson(appPath(id), appDetailSchema, signal) });

export const appSettingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['apps', 'settings', id],
    queryFn: ({ signal }) => getJson(`${appPath(id)}/settings`, appSettingsSchema, signal),
  });

export const identityProviderQuery = queryOptions({
  queryKey: ['oidc', 'provider'],
  queryFn: ({ signal }) => getJson('/api/oidc', identityProviderSchema, signal),
  refetchInterval: 60_000,
});

export const registeredClientsQuery = (after: string | null) =>
  queryOptions({
    queryKey: ['oidc', 'clients', after],
    queryFn: ({ signal }) =>
      getJson(`/api/oidc/clients${after === null ? '' : `?after=${encodeURIComponent(after)}`}`, registeredClientsSchema, signal),
  });

/** Access profiles, and the version that a change of them is made on. */
export const profilesQuery = queryOptions({
  queryKey: ['apps', 'profiles'],
  queryFn: ({ signal }) => getJson('/api/policy/data', policyDataViewSchema, signal),
});
