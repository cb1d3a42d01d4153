import { onTestFinished } from 'vitest';
import { askAuthzen, type AuthzenReply, type AuthzenRequest } from './client.ts';
import { startAuthzenSite, type AuthzenSite, type AuthzenSiteOptions } from './site.ts';

export const ONE = '/access/v1/evaluation';
export const MANY = '/access/v1/evaluations';

export const ann = { type: 'user', id: 'person_ann' };
export const cyd = { type: 'user', id: 'person_cyd' };
export const unlock = { name: 'door.unlock' };
export const main = { type: 'door', id: 'main' };
export const annAtMain = { subject: ann, action: unlock, resource: main };

export interface AskedSite extends AuthzenSite {
  readonly ask: (path: string, body: unknown, request?: AuthzenRequest) => Promise<AuthzenReply>;
}

/** The site for the running test, and how it is asked; it closes when the test ends. */
export async function startAskedSite(options: AuthzenSiteOptions = {}): Promise<AskedSite> {
  const site = await startAuthzenSite(options);
  onTestFinished(() => site.close());
  return { ...site, ask: (path, body, request) => askAuthzen(site.origin, path, body, request) };
}
