import { CarriedFaces } from './app/face/carried-faces.ts';
import { FaceDeletions } from './app/face/face-deletions.ts';
import { FaceGate, type FaceLeases } from './app/face/face-gate.ts';
import { LeaseDesk } from './app/face/lease-desk.ts';
import { LentLeases } from './app/face/lent-leases.ts';
import { LeaseJournal } from './app/face/lease-journal.ts';
import { createLeaseKey, type LeaseKey } from './app/face/lease-key.ts';
import { ReaderTemplates } from './app/face/reader-templates.ts';
import { startLookWatch } from './app/face/look-watch.ts';
import type { AssembleInput } from './app/access/assemble-input.ts';
import type { AuthorizeOperator, Decide } from './app/access/types.ts';
import { createLiftRestriction, endRestrictions, restrictPerson, type LiftRestriction } from './app/revocation/restrict.ts';
import type { SiteMap } from './domain/site/site-map.ts';
import type { PersonId } from './domain/site/ids.ts';
import type { Logger } from './platform/logger.ts';
import type { AuditLog, AuditReader } from './ports/audit-log.ts';
import type { Clock } from './ports/clock.ts';
import type { CredentialStore } from './ports/credential-store.ts';
import type { DoorNode } from './ports/door-node.ts';
import type { FaceDeviceStore } from './ports/face-device-store.ts';
import type { FaceTemplateStore } from './ports/face-template-store.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { PeopleStore } from './ports/people-store.ts';
import type { PolicyEngine } from './ports/policy-engine.ts';
import type { PresenceStore } from './ports/presence-store.ts';
import type { Random } from './ports/random.ts';
import type { ReaderTemplateStore } from './ports/reader-template-store.ts';
import type { RestrictionStore } from './ports/restriction-store.ts';
import type { SecretStore } from './ports/secret-store.ts';

/** How soon after its time a restriction ends, ms. */
const END_INTERVAL_MS = 10_000;
/** How often everybody who is enrolled is looked at, and how often terminals are told what they still have to delete, ms. */
const SWEEP_INTERVAL_MS = 6 * 3_600_000;
const PUSH_INTERVAL_MS = 30_000;

export interface ComposeFacesDeps {
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly records: {
    readonly faceDevices: FaceDeviceStore;
    readonly faceTemplates: FaceTemplateStore;
    readonly oneTime: OneTimeStore;
    readonly readerTemplates: ReaderTemplateStore;
    readonly restrictions: RestrictionStore;
    readonly credentials: CredentialStore;
    readonly secrets: SecretStore;
  };
  readonly presence: PresenceStore;
  readonly policy: PolicyEngine;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly doorNode: DoorNode;
  readonly endLapsedSessions: (personId: PersonId, cause: string) => Promise<number>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: AuditLog & AuditReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface Faces {
  readonly face: FaceGate;
  readonly readerTemplateDesk: ReaderTemplates;
  readonly restrictions: RestrictionStore;
  readonly liftRestriction: LiftRestriction;
  readonly stopFaces: () => void;
}

/** Terminals, and what too many wrong faces do to whoever's badge it was. */
export async function composeFaces(deps: ComposeFacesDeps): Promise<Faces> {
  const { clock, log, records } = deps;
  const { faceDevices: devices, faceTemplates: templates, oneTime, restrictions } = records;
  const restricting = { ...deps, restrictions, onChanged: deps.endLapsedSessions };
  const unwatch = await startLookWatch({
    audit: deps.audit,
    reader: deps.audit,
    nowMs: () => clock.nowMs(),
    restrict: (personId, cause) => restrictPerson(restricting, personId, cause),
    onFailure: (failure) => log.error('face.restriction_failed', {}, failure),
  });
  let isEnding = false;
  const ender = setInterval(() => {
    if (isEnding) return;
    isEnding = true;
    endRestrictions(restricting)
      .catch((failure: unknown) => log.error('face.restriction_not_ended', {}, failure))
      .finally(() => (isEnding = false));
  }, END_INTERVAL_MS);
  const key = createLeaseKey({ secrets: records.secrets, random: deps.random });
  const carried = new CarriedFaces({ ...deps, templates, secrets: records.secrets, key });
  const { readerTemplateDesk, unfollow } = followReaderTemplates(deps);
  const stopForgetting = forgetLeavers(deps, carried);
  return {
    face: new FaceGate({ ...deps, devices, templates, oneTime, faces: deps.doorNode.faces, leases: createLeases(deps, key), carried }),
    readerTemplateDesk,
    restrictions,
    liftRestriction: createLiftRestriction(restricting),
    stopFaces: () => {
      unwatch();
      unfollow();
      clearInterval(ender);
      stopForgetting();
    },
  };
}

/** The same for those that readers compare with: the gateway keeps them, and deletes them itself. */
function followReaderTemplates(deps: ComposeFacesDeps): { readonly readerTemplateDesk: ReaderTemplates; readonly unfollow: () => void } {
  const readerTemplateDesk = new ReaderTemplates({ ...deps, templates: deps.records.readerTemplates, faces: deps.doorNode.faces });
  const onFailure = (failure: unknown): void => deps.log.error('face.deletion_failed', {}, failure);
  const sweep = (): void => void readerTemplateDesk.sweep().catch(onFailure);
  const unfollow = readerTemplateDesk.followLeavers(onFailure);
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS);
  sweep();
  return {
    readerTemplateDesk,
    unfollow: () => {
      unfollow();
      clearInterval(timer);
    },
  };
}

/** Faces of people who have left are deleted, and asked for until they are. Returns the end of it. */
function forgetLeavers(deps: ComposeFacesDeps, carried: CarriedFaces): () => void {
  const { audit, doorNode, log, records } = deps;
  const onFailure = (failure: unknown): void => log.error('face.deletion_failed', {}, failure);
  const templates = records.faceTemplates;
  const deletions = new FaceDeletions({ ...deps, templates, faces: doorNode.faces, carried, reader: audit, onFailure });
  const unfollow = deletions.follow();
  const push = (): void => void deletions.push().catch(onFailure);
  const sweep = (): void => void deletions.sweep().then(push, onFailure);
  sweep();
  const timers = [setInterval(sweep, SWEEP_INTERVAL_MS), setInterval(push, PUSH_INTERVAL_MS)];
  return () => {
    unfollow();
    for (const timer of timers) clearInterval(timer);
  };
}

function createLeases(deps: ComposeFacesDeps, key: LeaseKey): FaceLeases {
  const { credentials, faceDevices: devices, faceTemplates: templates } = deps.records;
  const lent = new LentLeases({ ...deps, devices });
  return {
    desk: new LeaseDesk({ ...deps, credentials, lent, templates, key }),
    journal: new LeaseJournal({ ...deps, credentials, devices, key, reader: deps.audit }),
    lent,
  };
}
