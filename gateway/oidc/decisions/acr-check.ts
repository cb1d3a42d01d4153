import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { FindDeskFacts } from '../../app/desk/desk-facts.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { ApiConfig } from '../../platform/config/client-config.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import { authenticationOf } from './access-check.ts';
import { acrOf, holdsAcr, isAcr, pathTo, type Acr, type AcrFacts } from './acr.ts';

/** What the page offers; travels as details of the prompt `acr`. */
export const acrPromptSchema = z.object({ path: z.enum(['passkey', 'hardware_key', 'badge', 'face']), acr: z.string() });

/** One of `anyOf` is wanted, the first most. */
interface Demand {
  readonly anyOf: readonly string[];
  /** The client, or the API, takes nothing less; a wish that names nothing known is passed over (OpenID Connect Core 3.1.2.1). */
  readonly isEssential: boolean;
}

/** Values of one `acr_values` or claim; more is no honest request. */
export const ACR_VALUES_MAX = 16;

const acrClaimSchema = z.object({
  essential: z.boolean().optional(),
  value: z.string().optional(),
  values: z.array(z.string()).max(ACR_VALUES_MAX).optional(),
});

function claimDemand(claim: unknown): readonly Demand[] {
  if (claim === undefined || claim === null) return [];
  const parsed = tryParse(acrClaimSchema, claim);
  if (!parsed.success) throw new errors.InvalidRequest('claims.id_token.acr is not as OpenID Connect Core 5.5.1 has it');
  const { essential = false, value, values } = parsed.data;
  const anyOf = values ?? (value === undefined ? [] : [value]);
  return anyOf.length === 0 ? [] : [{ anyOf, isEssential: essential }];
}

function listDemand(list: unknown): readonly Demand[] {
  if (typeof list !== 'string' || list === '') return [];
  const anyOf = list.split(' ').filter((value) => value !== '');
  if (anyOf.length > ACR_VALUES_MAX) throw new errors.InvalidRequest(`acr_values names more than ${String(ACR_VALUES_MAX)} values`);
  return [{ anyOf, isEssential: false }];
}

interface Deps {
  readonly presence: PresenceStore;
  /** Absent where nobody keeps computers. */
  readonly deskFacts: FindDeskFacts | undefined;
  readonly clock: Clock;
  readonly freshBadgeS: number;
  readonly apis: readonly ApiConfig[];
}

interface Outcome {
  /** Contexts reached, in the order in which they were asked for. */
  readonly reached: readonly Acr[];
  /** Null = every demand is met. */
  readonly missing: Acr | null;
}

function judge(demands: readonly Demand[], facts: SessionFacts): Outcome {
  const reached: Acr[] = [];
  for (const { anyOf, isEssential } of demands) {
    const known = anyOf.filter(isAcr);
    const held = known.find((acr) => holdsAcr(acr, facts)) ?? (isEssential ? undefined : inPlaceOfFace(known, facts));
    const [first] = known;
    if (held !== undefined) reached.push(held);
    else if (first !== undefined) return { reached, missing: first };
    else if (isEssential) throw new errors.UnmetAuthenticationRequirements('none of the requested acr values exists here');
  }
  return { reached, missing: null };
}

type FaceFacts = Awaited<ReturnType<FindDeskFacts>>['face'];

/** What the person gave in place of their face, a short while ago. */
interface SessionFacts extends AcrFacts {
  readonly alternative: FaceFacts['alternative'];
}

/**
 * A wish is no condition (OpenID Connect Core 3.1.2.1): whoever does not show their face gives a key or a badge, and the token says which of
 * the two it was. An app that takes nothing less than a face says so by an essential claim.
 */
function inPlaceOfFace(known: readonly Acr[], facts: SessionFacts): Acr | undefined {
  if (facts.alternative === 'none' || !known.includes('urn:gatehouse:acr:face')) return undefined;
  const given = facts.alternative === 'badge' ? 'urn:gatehouse:acr:fresh-badge' : 'urn:gatehouse:acr:aal3';
  return holdsAcr(given, facts) ? given : undefined;
}

/** How old a face may be for `urn:gatehouse:acr:face`, and what took its place, unless the request says less. */
export const FRESH_FACE_S = 300;
/** The time that the browser needs to come back. */
const COME_BACK_S = 10;

/** The sign-in session, and how old a look of it may be. */
export interface Look {
  readonly sessionUid: string;
  readonly ageSMax: number;
}

/** For tokens of a session: that a camera has recognised the person in it stays true of the sign-in. */
export function lookOf(sessionUid: unknown): Look | null {
  return typeof sessionUid === 'string' ? { sessionUid, ageSMax: Number.POSITIVE_INFINITY } : null;
}

function wantedLook(sessionUid: string, maxAge: unknown): Look {
  const ageSMax = typeof maxAge === 'number' ? Math.min(FRESH_FACE_S, Math.max(maxAge, COME_BACK_S)) : FRESH_FACE_S;
  return { sessionUid, ageSMax };
}

export interface AcrCheck {
  readonly prompt: interactionPolicy.Prompt;
  /** The facts of now about a person who authenticated so; without `look` no camera has seen them. */
  factsOf(personId: string, authentication: AcrFacts['authentication'], look?: Look | null): Promise<AcrFacts>;
}

/**
 * Enforces `acr_values`, the essential claim `acr` and what an API asks of its callers: the request goes on only where the context is
 * reached, and tokens then say which one. The provider itself would only repeat the value of the sign-in.
 */
export function createAcrCheck({ apis, clock, deskFacts, freshBadgeS, presence }: Deps): AcrCheck {
  const missing = new WeakMap<object, Acr>();
  const apiAcrs = new Map(apis.flatMap(({ resource, acr }) => (acr === null ? [] : [[resource, acrOf(acr)] as const])));

  const factsOf = async (personId: string, authentication: AcrFacts['authentication'], look: Look | null = null): Promise<SessionFacts> => {
    const nowMs = clock.nowMs();
    const desk = look === null ? undefined : await deskFacts?.(look.sessionUid, personId as PersonId, nowMs);
    const seen = desk?.face;
    const isRecognised = seen !== undefined && seen.verified && seen.liveness !== 'none' && seen.age_s <= (look?.ageSMax ?? 0);
    return {
      authentication,
      presence: await presence.find(personId as PersonId),
      nowMs,
      freshBadgeS,
      face: isRecognised ? { ageS: seen.age_s } : null,
      alternative: seen !== undefined && seen.alternative_age_s <= (look?.ageSMax ?? 0) ? seen.alternative : 'none',
    };
  };

  const demandsOf = ({ oidc }: KoaContextWithOIDC): readonly Demand[] => [
    ...claimDemand(oidc.claims.id_token?.['acr']),
    ...listDemand(oidc.params?.['acr_values']),
    ...Object.keys(oidc.resourceServers ?? {}).flatMap((resource): Demand[] => {
      const acr = apiAcrs.get(resource);
      return acr === undefined ? [] : [{ anyOf: [acr], isEssential: true }];
    }),
  ];

  const check = new interactionPolicy.Check(
    'unmet',
    'a stronger sign-in is required',
    'unmet_authentication_requirements',
    async (ctx) => {
      const { session } = ctx.oidc;
      const demands = demandsOf(ctx);
      if (session?.accountId === undefined || demands.length === 0) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
      const outcome = judge(
        demands,
        await factsOf(session.accountId, authenticationOf(session), wantedLook(session.uid, ctx.oidc.params?.['max_age'])),
      );
      if (outcome.missing !== null) {
        missing.set(ctx.oidc, outcome.missing);
        return interactionPolicy.Check.REQUEST_PROMPT;
      }
      const [acr] = outcome.reached;
      // What codes and tokens of this request carry; the session keeps what the sign-in was.
      if (acr !== undefined) Object.defineProperty(ctx.oidc, 'acr', { value: acr, configurable: true });
      return interactionPolicy.Check.NO_NEED_TO_PROMPT;
    },
    (ctx) => {
      const acr = missing.get(ctx.oidc);
      return acr === undefined ? {} : { acr, path: pathTo(acr) };
    },
  );
  return { prompt: new interactionPolicy.Prompt({ name: 'acr', requestable: false }, check), factsOf };
}
