import type Provider from 'oidc-provider';
import type { ClientMetadata } from 'oidc-provider';
import type { AddedApp } from '../../domain/apps/added-app.ts';
import { toClientConfig } from './client-directory.ts';
import { toClientMetadata } from './clients.ts';

interface Validating {
  validate(metadata: ClientMetadata): Promise<void>;
}

/** Asks the provider before an app is stored: what it would refuse later, nobody could sign in to. */
export function createCheckClient(provider: () => Provider): (app: AddedApp) => Promise<string | null> {
  return async (app) => {
    try {
      // Not in the types of the library.
      await (provider().Client as unknown as Validating).validate(toClientMetadata(toClientConfig(app)));
      return null;
    } catch (failure) {
      const { error_description: description } = failure as { readonly error_description?: unknown };
      if (typeof description !== 'string') throw failure;
      return `the provider says: ${description.slice(0, 200)}`;
    }
  };
}
