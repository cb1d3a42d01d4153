import type { AppId, AreaId, BusId, DoorId, ReaderId, SiteId, VpnRealmId } from './ids.ts';

/** The installation: what exists, as read from the configuration. Immutable while the gateway runs. */
export interface Site {
  readonly id: SiteId;
  readonly name: string;
  /** IANA zone; schedules and civil times of everything on the site are in it. */
  readonly timeZone: string;
  /** How its readers come to their keys; `unique` if absent. */
  readonly readerKeys?: 'unique' | 'diversified';
}

/** Areas form a tree inside a site. `captive` = readers on both sides and no free exit, so presence is of high confidence. */
export interface Area {
  readonly id: AreaId;
  readonly siteId: SiteId;
  readonly parentId: AreaId | null;
  readonly name: string;
  /** 0 public .. 5 critical. */
  readonly securityLevel: number;
  readonly captive: boolean;
  /** An app for which everybody who enters must hold a valid grant too ("granted together"). */
  readonly requiresAppId: AppId | null;
}

/** A hardware attribute, not a choice of software: what the lock does without power. */
export type LockKind = 'fail_safe' | 'fail_secure';

export interface Door {
  readonly id: DoorId;
  readonly siteId: SiteId;
  readonly name: string;
  /** The area on the outer side; null = outside the site. */
  readonly fromAreaId: AreaId | null;
  readonly toAreaId: AreaId;
  readonly lock: LockKind;
  /** How long the lock stays released after a permit, ms. */
  readonly releaseMs: number;
  readonly extendedReleaseMs: number;
  /** How long the door may stand open before it is an alarm, ms. */
  readonly openMs: number;
  readonly extendedOpenMs: number;
  /** The schedule in whose times a badge needs a PIN as well, such as `always`; null = never. */
  readonly requiresPin: string | null;
  /** How long a face terminal may go on by itself, s; 0 or absent = not at all. */
  readonly offlineLeaseS?: number;
}

/** `entry` leads from `fromArea` into `toArea`; `exit` back. An exit reader never asks the policy. */
export type ReaderSide = 'entry' | 'exit';

/** A reader that compares a finger or a face with a template itself (osdp_BIOMATCH). */
export interface ReaderBiometrics {
  /** What is scanned and how the template is written, as osdp_BIOREAD numbers them; 0..255. */
  readonly type: number;
  readonly format: number;
  /** 0..255 */
  readonly qualityMin: number;
  /** From which score (0..255, its maker's own measure) a comparison is worth one false match in 10,000, and one in 100,000. */
  readonly scores: { readonly standard: number; readonly high: number };
  /** What the installer vouches for: `passive` = its maker shows by test reports that it tells a living trait from a copy. */
  readonly liveness: 'none' | 'passive';
}

export interface Reader {
  readonly id: ReaderId;
  readonly name: string;
  readonly doorId: DoorId;
  readonly side: ReaderSide;
  readonly busId: BusId;
  /** OSDP address, 0..126. */
  readonly address: number;
  /** Index of the output that releases the lock; null when another reader of the door drives it. */
  readonly strikeOutput: number | null;
  /** Index of the supervised input of the door contact (active = open); null = not wired to this reader. */
  readonly contactInput: number | null;
  /** Index of the input of the request-to-exit device; null = not wired to this reader. */
  readonly rexInput: number | null;
  /** The secure channel of OSDP that it speaks; 1 if absent. The key of 1 has 16 bytes, that of 2 (a draft) 32. */
  readonly secureChannel?: 1 | 2;
  /** A badge at it also answers what an app asks its holder (CIBA). */
  readonly answersSignIns?: boolean;
  /** Absent: it compares nothing. */
  readonly biometrics?: ReaderBiometrics;
}

/** Bytes of a reader's key, by its secure channel. */
export const READER_KEY_LENGTHS = { 1: 16, 2: 32 } as const;

/** Where a request comes from, as mapped by configuration. */
export type NetworkZone = 'site' | 'vpn_egress' | 'elsewhere';

export interface App {
  readonly id: AppId;
  readonly name: string;
  /** OIDC client identifier. */
  readonly clientId: string;
  /** 0 public .. 5 critical. */
  readonly sensitivity: number;
  readonly siteId: SiteId | null;
  /** The area in which a person must be to use the app. */
  readonly requiresAreaId: AreaId | null;
  readonly maxPresenceAgeS: number;
  /** Empty = all. */
  readonly allowedNetworks: readonly NetworkZone[];
  /** 0 = any age. */
  readonly maxAuthAgeS: number;
}

export interface VpnRealm {
  readonly id: VpnRealmId;
  readonly name: string;
  readonly siteId: SiteId | null;
  readonly sensitivity: number;
}

export interface Installation {
  readonly sites: readonly Site[];
  readonly areas: readonly Area[];
  readonly doors: readonly Door[];
  readonly readers: readonly Reader[];
  readonly apps: readonly App[];
  readonly vpnRealms: readonly VpnRealm[];
}
