import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { FaceDevice, FacePublicKey } from '../../domain/face/face-device.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';
import type { FacePoint } from '../../ports/face-point.ts';
import { FACE_TEMPLATE_PAGE_MAX, type FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { CarriedFaces } from './carried-faces.ts';
import type { TerminalSighting, TerminalSightings } from './terminal-sightings.ts';

/** Entries of one person that are shown. */
export const TEMPLATES_OF_PERSON_MAX = 200;

interface FaceViewsDeps {
  readonly devices: FaceDeviceStore;
  readonly templates: FaceTemplateStore;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly faces: Pick<FacePoint, 'listening'>;
  readonly clock: Clock;
}

/** A terminal as operators see it. */
export interface FaceDeviceView extends Omit<FaceDevice, 'publicKey'>, TerminalSighting {
  readonly isListening: boolean;
  /** Templates that it keeps, and how many of them are past their time. */
  readonly kept: number;
  readonly expired: number;
}

/** An entry of the book of templates as operators see it. */
export interface TemplateView extends EnrolledTemplate {
  readonly personName: string | null;
  /** Another pack's word counts at the terminal now: it opens nothing any more. */
  readonly isOfOtherPack: boolean;
}

export interface DeletionReceipt {
  readonly receipt: string;
  /** Of the terminal that kept it (ES256); of what a person carries, the gateway's (Ed25519, RFC 8037). */
  readonly publicKey: FacePublicKey | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
}

export async function listTerminals(
  { clock, devices, faces, templates }: FaceViewsDeps,
  sightings: TerminalSightings,
): Promise<readonly FaceDeviceView[]> {
  const listening = new Set(await faces.listening());
  const counts = new Map((await templates.counts(clock.nowMs())).map((one) => [one.deviceId, one]));
  return (await devices.list()).map(({ id, readerId, label, packHash, status, enrolledAtMs }) => {
    const { expired = 0, kept = 0 } = counts.get(id) ?? {};
    return { id, readerId, label, packHash, status, enrolledAtMs, isListening: listening.has(id), kept, expired, ...sightings.of(id) };
  });
}

export async function listTemplates(
  deps: FaceViewsDeps,
  before: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'> | null,
  limit: number,
): Promise<readonly TemplateView[]> {
  return viewTemplates(deps, await deps.templates.page({ before, limit: Math.min(limit, FACE_TEMPLATE_PAGE_MAX) }));
}

/** What is kept first; of what has ended the latest. */
export async function listTemplatesOf(deps: FaceViewsDeps, personId: PersonId): Promise<readonly TemplateView[]> {
  const all = await deps.templates.ofPerson(personId);
  const [kept, ended] = [true, false].map((isKept) => all.filter(({ status }) => (status === 'kept') === isKept));
  return viewTemplates(deps, [...(kept ?? []), ...(ended ?? [])].slice(0, TEMPLATES_OF_PERSON_MAX));
}

export async function findTemplate(deps: FaceViewsDeps, id: string): Promise<TemplateView | null> {
  const template = await deps.templates.find(id);
  return template === null ? null : ((await viewTemplates(deps, [template]))[0] ?? null);
}

async function viewTemplates({ devices, people }: FaceViewsDeps, page: readonly EnrolledTemplate[]): Promise<readonly TemplateView[]> {
  const packs = new Map((await devices.list()).map(({ id, packHash }) => [id, packHash]));
  return Promise.all(
    page.map(async (one) => ({
      ...one,
      personName: (await people.find(one.personId))?.displayName ?? null,
      isOfOtherPack: packs.get(one.deviceId) !== one.packHash,
    })),
  );
}

/** Null = nobody has said that it is gone. */
export async function findReceipt(
  { devices, templates }: FaceViewsDeps,
  id: string,
  carried: Pick<CarriedFaces, 'publicKey'> | null,
): Promise<DeletionReceipt | null> {
  const template = await templates.find(id);
  if (template === null || template.receipt === null) return null;
  if (template.storage === 'carried') {
    return carried === null ? null : { receipt: template.receipt, publicKey: { kty: 'OKP', crv: 'Ed25519', x: await carried.publicKey() } };
  }
  const device = await devices.find(template.deviceId);
  return device === null ? null : { receipt: template.receipt, publicKey: device.publicKey };
}
