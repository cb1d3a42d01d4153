import type { Configuration, interactionPolicy } from 'oidc-provider';
import type { RelyOn } from '../app/access/relied-answers.ts';
import type { AuthorizeApp } from '../app/access/types.ts';
import type { Decision } from '../domain/access/decision.ts';
import type { ClientConfig } from '../platform/config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { AcrCheck } from './decisions/acr-check.ts';
import type { ClientCertificates } from './clients/client-certificate.ts';
import type { SecretsOf } from './clients/clients.ts';
import type { Exchanges } from './storage/exchanges.ts';
import type { createFapiProfile } from './clients/fapi.ts';
import type { MachineCheck } from './decisions/machine-check.ts';
import type { OutgoingCalls } from './outgoing-fetch.ts';
import type { RefreshCheck } from './decisions/refresh-check.ts';
import type { SeenSessions } from './sessions/seen-sessions.ts';
import type { ProviderSettings } from './types.ts';

type Features = NonNullable<Configuration['features']>;

/** What a provider is made of, whatever its keys. */
export interface ProviderParts {
  readonly settings: ProviderSettings;
  /** Of the configuration file; the others are found in the storage. */
  readonly clients: readonly ClientConfig[];
  readonly findClient: (clientId: string) => ClientConfig | undefined;
  readonly secretsOf: SecretsOf;
  readonly adapter: NonNullable<Configuration['adapter']>;
  readonly findAccount: NonNullable<Configuration['findAccount']>;
  readonly accessPrompt: interactionPolicy.Prompt;
  readonly acrCheck: AcrCheck;
  readonly exchanges: Exchanges;
  readonly refreshCheck: RefreshCheck;
  readonly seenSessions: SeenSessions;
  readonly machines: MachineCheck;
  readonly authorizeApp: AuthorizeApp;
  /** For APIs that ask about the same token again and again. */
  readonly relyOn: RelyOn<Decision>;
  readonly certificates: ClientCertificates;
  readonly fapi: ReturnType<typeof createFapiProfile>;
  readonly ciba: NonNullable<Features['ciba']>;
  readonly registration: NonNullable<Features['registration']>;
  readonly outgoing: OutgoingCalls;
  readonly clock: Clock;
}
