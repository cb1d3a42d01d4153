import type { ReaderTemplate } from '../domain/face/reader-match.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** Templates that readers compare with: kept sealed under a key of their own each, so that what is deleted opens nowhere any more. */
export interface ReaderTemplateStore {
  /** A copy that the caller zeroes; null when there is none of this type and format, or its time is over. @throws secret.unavailable */
  find(personId: PersonId, kind: Pick<ReaderTemplate, 'type' | 'format'>, nowMs: number): Promise<Uint8Array | null>;
  /** In place of the one of the same type and format. The bytes stay the caller's. @throws store.conflict there are too many */
  save(template: ReaderTemplate, bytes: Uint8Array): Promise<void>;
  /** Everything of the person, with the keys. Returns how many there were. */
  remove(personId: PersonId): Promise<number>;
  /** What is kept of the person; nothing of the template is in it. */
  ofPerson(personId: PersonId): Promise<readonly ReaderTemplate[]>;
  /** Of whom something of one type and format is kept, by person; `after` = the last person of the page before. */
  page(
    kind: Pick<ReaderTemplate, 'type' | 'format'>,
    page: { readonly after: PersonId | null; readonly limit: number },
  ): Promise<readonly ReaderTemplate[]>;
  /** Of whom anything is kept. */
  persons(): Promise<readonly PersonId[]>;
  /** Whose time is over. Returns how many. */
  removeExpired(nowMs: number): Promise<number>;
}
