import type { AddedApps } from '../../app/apps/added-apps.ts';
import type { ListenAddress } from '../../app/apps/settings/gateway-address.ts';
import type { SignInWatch } from '../../app/apps/sign-in-watch.ts';
import type { AppDesk } from '../../app/apps/types.ts';
import type { Website } from '../../domain/site/website.ts';
import type { ClientConfig } from '../../platform/config/config.ts';

/** Apps as operators see and keep them. */
export interface AppsDeps {
  readonly desk: AppDesk;
  readonly added: Pick<AddedApps, 'all' | 'find'>;
  readonly watch: SignInWatch;
  /** Of the configuration file. */
  readonly configured: readonly ClientConfig[];
  readonly configuredWebsites: readonly Website[];
  readonly apis: readonly { readonly id: string; readonly name: string; readonly scopes: readonly string[] }[];
  readonly issuer: string;
  readonly listen: ListenAddress;
}
