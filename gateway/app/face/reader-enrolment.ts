import { READER_TEMPLATE_LIFE_MS } from '../../domain/face/reader-match.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { BiometricReaders } from '../../ports/biometric-readers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReaderEnrolment } from '../../ports/face-point.ts';
import type { ReaderTemplateStore } from '../../ports/reader-template-store.ts';

export interface ReaderEnrolmentDeps {
  readonly sites: Pick<SiteMap, 'reader'>;
  readonly readers: Pick<BiometricReaders, 'scan'>;
  readonly templates: Pick<ReaderTemplateStore, 'save' | 'removeExpired'>;
  readonly clock: Clock;
}

/** Scans whoever stands at the reader now, and keeps the template for the person who agreed. Never throws for what a reader does. */
export function createReaderEnrolment(
  deps: ReaderEnrolmentDeps,
): (at: { readonly readerId: ReaderId; readonly personId: PersonId }) => Promise<ReaderEnrolment> {
  return async ({ personId, readerId }) => {
    const { clock, readers, sites, templates } = deps;
    const biometrics = sites.reader(readerId)?.biometrics;
    if (biometrics === undefined) return { ok: false, code: 'unavailable' };
    const scanned = await readers.scan(readerId, biometrics);
    if (!scanned.ok) return scanned;
    try {
      const nowMs = clock.nowMs();
      await templates.removeExpired(nowMs);
      const { format, type } = biometrics;
      await templates.save({ personId, type, format, enrolledAtMs: nowMs, expiresAtMs: nowMs + READER_TEMPLATE_LIFE_MS }, scanned.template);
      return { ok: true };
    } finally {
      scanned.template.fill(0);
    }
  };
}
