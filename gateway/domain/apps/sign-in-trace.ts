import type { ReasonCode } from '../access/reason-code.ts';

/** What an app did wrong, or what stood in its way, as the gateway saw it. `presented` is the app's own word: shown, never followed. */
export type TraceProblem =
  | { readonly code: 'redirect_uri'; readonly presented: string }
  | { readonly code: 'unknown_client'; readonly presented: string }
  | { readonly code: 'unknown_website'; readonly presented: string }
  | { readonly code: 'untrusted_proxy'; readonly presented: string }
  | { readonly code: 'scope'; readonly presented: string }
  | { readonly code: 'denied'; readonly reasons: readonly ReasonCode[]; readonly decisionId: string; readonly personId: string | null }
  | { readonly code: 'clock' | 'other'; readonly detail: string }
  | {
      readonly code:
        | 'pkce_missing'
        | 'pkce_wrong'
        | 'secret_wrong'
        | 'secret_missing'
        | 'secret_unexpected'
        | 'code_expired'
        | 'code_used'
        | 'code_unknown'
        | 'token_redirect_uri'
        | 'api'
        | 'grant'
        | 'response_type'
        | 'cancelled'
        | 'rounds_not_passed'
        | 'gateway_failed';
    };

/** One thing that a client did, or that was done to it. Times are epoch ms. Kept in memory only. */
export type TraceEvent = { readonly atMs: number } & (
  | { readonly kind: 'begun'; readonly unknownScopes: readonly string[] }
  | { readonly kind: 'code_given'; readonly personId: string }
  /** By a code, a device or a machine's own credentials; or, of a website, the first page that was passed on. Never by a refresh. */
  | { readonly kind: 'tokens_given'; readonly personId: string | null }
  | { readonly kind: 'asked' }
  | { readonly kind: 'problem'; readonly problem: TraceProblem }
);

/** A TraceEvent that has not been given its time. */
export type TraceNote = TraceEvent extends infer Event ? (Event extends TraceEvent ? Omit<Event, 'atMs'> : never) : never;

/** What is known of one client, the oldest first. */
export interface SignInTrace {
  readonly events: readonly TraceEvent[];
  /** What came from somebody whom the gateway does not know, whose app it may have been. */
  readonly strangers: readonly TraceEvent[];
  /** When the discovery document was last read, by whomever; null = not since the gateway started. */
  readonly discoveredAtMs: number | null;
}
