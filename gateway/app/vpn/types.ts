import type { Deny } from '../../domain/access/decision.ts';
import type { CertificateRules } from '../../domain/site/certificate-rules.ts';
import type { DecisionId, PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { Authentication } from '../access/types.ts';

/** What of a realm's configuration its connections need. */
export interface VpnRealmRules {
  readonly realmId: VpnRealmId;
  /** How long a tunnel may stay up, s. */
  readonly sessionTtlS: number;
  /** How often the VPN server says that it is still up, s; each time the policy is asked again. */
  readonly interimS: number;
  /** Whether whoever gives no code may say yes on the page. */
  readonly push: boolean;
  /** Null = nobody connects with a certificate. */
  readonly certificates: CertificateRules | null;
}

export interface CodeRequest {
  readonly realmId: VpnRealmId;
  readonly personId: PersonId;
  readonly authentication: Authentication;
  /** Of the browser; null = it cannot be told. */
  readonly ip: string | null;
}

export type CodeOutcome =
  | {
      readonly ok: true;
      /** What the VPN client is told as the user's name. */
      readonly userName: string;
      readonly code: string;
      readonly expiresAtMs: number;
    }
  | { readonly ok: false; readonly deny: Deny };

/** Decides, and on a permit makes a code that replaces the person's earlier one for the realm. @throws store.unavailable, store.conflict */
export type IssueCode = (request: CodeRequest) => Promise<CodeOutcome>;

/** One try to connect, as a VPN server passes it on. Everything but the realm was written by whoever tries. */
export interface ConnectAttempt {
  readonly realmId: VpnRealmId;
  readonly userName: string;
  readonly code: string;
  /** Where the VPN server says that the device is; null = it does not say. */
  readonly ip: string | null;
}

export type ConnectOutcome =
  | {
      readonly ok: true;
      readonly personId: PersonId;
      readonly decisionId: DecisionId;
      readonly sessionTtlS: number;
      readonly interimS: number;
      /** What the server is to call the person from now on; absent = as it does. */
      readonly userName?: string;
      /** Absent or null = where the network puts everybody. */
      readonly vlan?: number | null;
    }
  /** `message` is for the person: it names a reason only to whoever proved to be that person. */
  | { readonly ok: false; readonly message: string };

/** Never throws: every failure is a refusal. */
export type Connect = (attempt: ConnectAttempt) => Promise<ConnectOutcome>;

/** A certificate that a RADIUS server has verified. */
export interface CertificateAttempt {
  readonly realmId: VpnRealmId;
  /** Common name and DNS names of the certificate. */
  readonly names: readonly string[];
  /** As the RADIUS server writes it. */
  readonly issuer: string;
  readonly ip: string | null;
}

/** Never throws: every failure is a refusal. */
export type ConnectByCertificate = (attempt: CertificateAttempt) => Promise<ConnectOutcome>;
