import type { ActionName } from '../../domain/access/action-name.ts';
import type { DecisionContext, DecisionInput, ResourceFacts, SubjectFacts } from '../../domain/access/decision-input.ts';
import { NO_COMPANION, NO_DEVICE, NO_FACE, type ReaderTamperFact } from '../../domain/access/input-facts.ts';
import { createCivilTime, type CivilTime } from '../../domain/site/civil-time.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { SiteId } from '../../domain/site/ids.ts';
import { authenticationFacts, credentialFacts } from './facts.ts';
import { NO_NETWORK } from './network-posture.ts';

/** What differs from question to question; the rest of the input is neutral. */
export interface InputParts {
  readonly action: ActionName;
  readonly subject: SubjectFacts;
  readonly resource: ResourceFacts;
  readonly channel: DecisionContext['channel'];
  /** `tamper` is for readers of this gateway; left out, nobody is there to tell. */
  readonly pep: { readonly id: string; readonly secure: boolean; readonly tamper?: ReaderTamperFact };
  readonly epoch: number;
  readonly nowMs: number;
  readonly requestId: string;
  readonly correlation: string;
  readonly credential?: DecisionContext['credential'];
  readonly authentication?: DecisionContext['authentication'];
  readonly network?: DecisionContext['network'];
  readonly presence?: DecisionContext['presence'];
  readonly face?: DecisionContext['face'];
  readonly companion?: DecisionContext['companion'];
  readonly device?: DecisionContext['device'];
  readonly operator?: DecisionContext['operator'];
}

export type AssembleInput = (parts: InputParts) => DecisionInput;

const NO_PRESENCE: DecisionContext['presence'] = {
  known: false,
  state: 'unknown',
  site: '',
  area: '',
  areas: [],
  confidence: 'none',
  age_s: 0,
};
const NO_OPERATOR: DecisionContext['operator'] = { acting: false, has_reason: false, target: '', first_operator: '' };
const NO_RISK: DecisionContext['risk'] = { known: false, score: 0, signals: [] };

/** Completes the input document. Times are civil times of the resource's site; resources without a site use the first one's zone. */
export function createAssembleInput(sites: SiteMap, holidays: ReadonlyMap<SiteId, readonly string[]> = new Map()): AssembleInput {
  const clocks = new Map<string, (epochMs: number) => CivilTime>(
    sites.installation.sites.map((site) => [site.timeZone, createCivilTime(site.timeZone)]),
  );
  const utc = createCivilTime('UTC');
  const holidaysOf = new Map<string, ReadonlySet<string>>([...holidays].map(([siteId, dates]) => [siteId, new Set(dates)]));
  const zoneOf = (siteId: string): string => sites.site(siteId as SiteId)?.timeZone ?? sites.installation.sites[0]?.timeZone ?? 'UTC';
  return (parts) => {
    const tz = zoneOf(parts.resource.properties.site);
    const civil = (clocks.get(tz) ?? utc)(parts.nowMs);
    return {
      subject: parts.subject,
      action: { name: parts.action },
      resource: parts.resource,
      context: {
        schema: 'urn:gatehouse:input:1',
        time: {
          epoch_ms: parts.nowMs,
          tz,
          date: civil.date,
          weekday: civil.weekday,
          minute_of_day: civil.minuteOfDay,
          holiday: holidaysOf.get(parts.resource.properties.site)?.has(civil.date) ?? false,
        },
        channel: parts.channel,
        pep: { id: parts.pep.id, mode: 'online', secure: parts.pep.secure, tamper: parts.pep.tamper ?? 'not_reported' },
        credential: parts.credential ?? { ...credentialFacts('none', 'unknown'), known: false },
        authentication: parts.authentication ?? authenticationFacts(null, parts.nowMs),
        network: parts.network ?? { ...NO_NETWORK, source: 'none', age_s: 0 },
        presence: parts.presence ?? NO_PRESENCE,
        face: parts.face ?? NO_FACE,
        companion: parts.companion ?? NO_COMPANION,
        device: parts.device ?? NO_DEVICE,
        risk: NO_RISK,
        operator: parts.operator ?? NO_OPERATOR,
        request: { id: parts.requestId, correlation: parts.correlation },
        epoch: parts.epoch,
      },
    };
  };
}
