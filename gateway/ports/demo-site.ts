import type { NetworkZone } from '../domain/site/site.ts';
import type { PersonId, ReaderId } from '../domain/site/ids.ts';

export interface DemoSiteView {
  readonly people: readonly { readonly id: string; readonly displayName: string; readonly badge: string }[];
  readonly readers: readonly {
    readonly id: string;
    readonly name: string;
    readonly doorName: string;
    readonly siteName: string;
    readonly side: 'entry' | 'exit';
  }[];
  readonly apps: readonly { readonly id: string; readonly name: string; readonly url: string; readonly description: string }[];
  /** The zone in which requests of this machine are taken to be; null = as the address says. */
  readonly networkZone: NetworkZone | null;
}

export interface DemoBadge {
  readonly personId: PersonId;
  readonly readerId: ReaderId;
  /** Whether the person then opens the door and goes through. */
  readonly walkThrough: boolean;
}

export interface DemoBadgeOutcome {
  readonly outcome: 'granted' | 'denied' | 'no_answer';
  readonly decisionId: string | null;
  readonly reasons: readonly string[];
}

/** The demonstration site: simulated readers with people who can badge. Exists only when the gateway runs without a configuration. */
export interface DemoSite {
  view(): Promise<DemoSiteView>;
  /** Presents the badge at the simulated reader and waits for what the gateway does, 2 s at most. @throws resource.unknown */
  badge(badge: DemoBadge): Promise<DemoBadgeOutcome>;
  /** Moves this machine to another network zone; null = back to what its address says. */
  setNetworkZone(zone: NetworkZone | null): Promise<void>;
}
