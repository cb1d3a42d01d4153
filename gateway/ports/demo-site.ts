import type { NetworkZone } from '../domain/site/site.ts';
import type { DoorId, PersonId, ReaderId } from '../domain/site/ids.ts';

export interface DemoPins {
  readonly pin: string;
  /** Opens as well, and raises the silent alarm. */
  readonly duressPin: string;
}

export interface DemoSiteView {
  readonly people: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly badge: string;
    /** Drawn at this start, and shown because it is a demo; null = has none. */
    readonly pins: DemoPins | null;
  }[];
  readonly readers: readonly {
    readonly id: string;
    readonly name: string;
    readonly doorId: string;
    readonly doorName: string;
    readonly siteName: string;
    readonly side: 'entry' | 'exit';
    /** Its door asks for a PIN at times. */
    readonly hasKeypad: boolean;
  }[];
  /** Doors with a request-to-exit button. */
  readonly exitDoorIds: readonly string[];
  /** The first ordinary employee: whom a visitor is best shown first; null = nobody of the demo site is one. */
  readonly startPersonId: string | null;
  readonly apps: readonly { readonly id: string; readonly name: string; readonly url: string; readonly description: string }[];
  /** The zone in which everybody at this demo is taken to be; null = as their addresses say. */
  readonly networkZone: NetworkZone | null;
}

export interface DemoBadge {
  readonly personId: PersonId;
  readonly readerId: ReaderId;
  /** Whether the person then opens the door and goes through. */
  readonly walkThrough: boolean;
}

export interface DemoBadgeOutcome {
  /** `pin_wanted` = the reader asks for the PIN and the door waits for it. `dropped` = the reader was shown more cards than it takes in a second, and nobody was asked about this one. */
  readonly outcome: 'granted' | 'denied' | 'pin_wanted' | 'dropped' | 'no_answer';
  readonly decisionId: string | null;
  readonly reasons: readonly string[];
}

export interface DemoKeys extends DemoBadge {
  /** Digits, `*` and `#`. */
  readonly keys: string;
}

export interface DemoExit {
  readonly doorId: DoorId;
  /** Whether the person then opens the door and goes through. */
  readonly walkThrough: boolean;
}

export interface DemoExitOutcome {
  readonly outcome: 'released' | 'no_answer';
}

/** The demonstration site: simulated readers with people who can badge. Exists only when the gateway runs without a configuration. */
export interface DemoSite {
  view(): Promise<DemoSiteView>;
  /** Presents the badge at the simulated reader and waits for what the gateway does, 2 s at most. @throws resource.unknown, request.rate_limited */
  badge(badge: DemoBadge): Promise<DemoBadgeOutcome>;
  /** Presses keys at the reader that asked the person for a PIN, and waits as for a badge. @throws resource.unknown, request.rate_limited */
  pressKeys(keys: DemoKeys): Promise<DemoBadgeOutcome>;
  /** Presses the door's request-to-exit button and waits for the release, 2 s at most. @throws resource.unknown */
  pressExit(exit: DemoExit): Promise<DemoExitOutcome>;
  /** Moves everybody at this demo to another network zone; null = back to what their addresses say. */
  setNetworkZone(zone: NetworkZone | null): Promise<void>;
}
