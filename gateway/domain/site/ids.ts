/**
 * Identifiers are opaque strings with a type prefix. Brands keep one kind from being passed for another; they are
 * created only where something enters the system (a schema, a store row, an id generator).
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type SiteId = Branded<'SiteId'>;
export type AreaId = Branded<'AreaId'>;
export type DoorId = Branded<'DoorId'>;
export type ReaderId = Branded<'ReaderId'>;
export type BusId = Branded<'BusId'>;
export type AppId = Branded<'AppId'>;
export type VpnRealmId = Branded<'VpnRealmId'>;
export type PersonId = Branded<'PersonId'>;
export type CredentialId = Branded<'CredentialId'>;
export type ProfileId = Branded<'ProfileId'>;
export type GrantId = Branded<'GrantId'>;
export type DecisionId = Branded<'DecisionId'>;
export type SessionId = Branded<'SessionId'>;
export type FaceDeviceId = Branded<'FaceDeviceId'>;
export type DeskDeviceId = Branded<'DeskDeviceId'>;
