import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { DecisionRecord } from '../../domain/audit/record.ts';
import type { AppId, PersonId } from '../../domain/site/ids.ts';

/** One question to the policy. */
export interface DecideRequest {
  readonly input: DecisionInput;
  /** Obligations that the asking enforcement point can fulfil. */
  readonly understands: readonly ObligationId[];
  readonly mode: DecisionRecord['mode'];
  /** What the operator gave as the reason of a command, for the record. */
  readonly operatorReason?: string;
  readonly onPermit?: OnPermit | undefined;
}

/**
 * Told of a permit while it is being recorded, so that what it permits can be prepared meanwhile. Nothing may be given out before the promise
 * resolves, nor where it resolves to a deny. It never rejects.
 */
export type OnPermit = (recorded: Promise<Decision>) => void;

/** The only way to a permit. Never throws: every failure is a recorded deny. Resolves once it is recorded, unless `onPermit` was told. */
export type Decide = (request: DecideRequest) => Promise<Decision>;

/** How the person authenticated, as the enforcement point verified it. */
export interface Authentication {
  /** RFC 8176 values, e.g. `hwk`, `user`. */
  readonly amr: readonly string[];
  readonly acr: string;
  readonly userVerified: boolean;
  readonly authenticatedAtMs: number;
}

/** Where the person's device was, and how that is known. An address is already resolved behind trusted proxies; null = it cannot be told. */
export type NetworkEvidence =
  | { readonly source: 'request'; readonly ip: string | null }
  /** The request comes from the app's own server: what counts is where the person signed in. */
  | { readonly source: 'login'; readonly ip: string | null; readonly observedAtMs: number }
  /** A remote enforcement point says so; the gateway has not seen the device. */
  | { readonly source: 'pep'; readonly ip: string | null }
  /** No device takes part: the gateway asks by itself. */
  | { readonly source: 'none' };

export interface AuthorizeAppRequest {
  readonly action: 'app.login' | 'token.refresh';
  readonly personId: PersonId;
  readonly clientId: string;
  /** Of a client that was registered for an app, and which the installation does not name. */
  readonly appId?: AppId;
  readonly network: NetworkEvidence;
  readonly authentication: Authentication | null;
  /** The provider's session, for what the person's computer said in it; absent where no browser takes part. */
  readonly sessionUid?: string | undefined;
  /** Interaction uid, grant id or the like: joins decisions of one flow. */
  readonly correlation: string;
  readonly onPermit?: OnPermit;
}
export type AuthorizeApp = (request: AuthorizeAppRequest) => Promise<Decision>;

export type OperatorAction =
  | 'console.sign_in'
  | 'console.read'
  | 'person.suspend'
  | 'person.reinstate'
  | 'person.unrestrict'
  | 'person.enrol'
  | 'person.recover'
  | 'person.import'
  | 'door.operate'
  | 'reader.maintain'
  | 'policy.propose'
  | 'policy.approve'
  | 'policy.activate'
  | 'policy.emergency'
  | 'policy.data_edit'
  | 'policy.data_open'
  | 'policy.threat_raise'
  | 'app.manage'
  | 'oidc.manage'
  | 'oidc.emergency';

/** `local` is the owner of the host's control socket: an operator of the policy's role `host`, one of two at most. */
export interface Operator {
  readonly id: PersonId;
  readonly channel: 'console' | 'cli';
  readonly ip: string | null;
  readonly authentication: Authentication | null;
}

export interface AuthorizeOperatorRequest {
  readonly action: OperatorAction;
  readonly operator: Operator;
  readonly target: { readonly type: 'person' | 'door' | 'app' | 'console' | 'policy' | 'reader' | 'site'; readonly id: string };
  readonly reason: string;
  readonly firstOperatorId: PersonId | null;
}
export type AuthorizeOperator = (request: AuthorizeOperatorRequest) => Promise<Decision>;
