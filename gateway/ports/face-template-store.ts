import type { EnrolledTemplate } from '../domain/face/enrolled-template.ts';
import type { FaceDeviceId, PersonId } from '../domain/site/ids.ts';

/** Most entries that one page returns. */
export const FACE_TEMPLATE_PAGE_MAX = 500;

/** The book of who is enrolled where, written from what terminals sign. */
export interface FaceTemplateStore {
  /** One transaction: what the terminal kept of the person so far is `replaced`. @throws store.conflict the name is taken, or FACE_TEMPLATES_MAX are there */
  add(template: EnrolledTemplate): Promise<void>;
  /** False when the terminal keeps no such template (any more). */
  markDeleted(id: string, deletion: { readonly deviceId: FaceDeviceId; readonly atMs: number; readonly receipt: string }): Promise<boolean>;
  /** Keeps when its deletion was ordered. True the first time, while it is kept. */
  orderDeletion(id: string, atMs: number): Promise<boolean>;
  /** Ordered and not done, the oldest order first; FACE_TEMPLATE_PAGE_MAX at most. */
  openDeletions(): Promise<readonly EnrolledTemplate[]>;
  /** What a terminal itself keeps, by id; FACE_TEMPLATE_PAGE_MAX at most. What is to be deleted is not among it. */
  keptBy(deviceId: FaceDeviceId): Promise<readonly EnrolledTemplate[]>;
  find(id: string): Promise<EnrolledTemplate | null>;
  ofPerson(personId: PersonId): Promise<readonly EnrolledTemplate[]>;
  /** Latest enrolment first; `before` = `enrolledAtMs` and id of the last of the page before. */
  page(page: {
    readonly before: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'> | null;
    readonly limit: number;
  }): Promise<readonly EnrolledTemplate[]>;
  /** Of each terminal: how many it keeps itself, and how many of them are past their time at `nowMs`. */
  counts(nowMs: number): Promise<readonly { readonly deviceId: FaceDeviceId; readonly kept: number; readonly expired: number }[]>;
}
