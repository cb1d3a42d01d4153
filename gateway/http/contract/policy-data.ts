import { z } from 'zod';
import { replayWindowSchema } from '../../domain/policy/impact-report.ts';
import {
  areaItemSchema,
  exceptionItemSchema,
  grantItemSchema,
  holidayItemSchema,
  ITEM_SCHEMAS,
  PART_NAMES,
  profileItemSchema,
  scheduleItemSchema,
  threatItemSchema,
  type PartName,
} from '../../domain/policy/data/items.ts';
import { LIBRARY_PARAMETERS, librarySettingSchema } from '../../domain/policy/data/library.ts';
import { reasonBodySchema } from './common.ts';

export { EXCEPTION_MS_MAX, RELAXABLE_REASONS, WINDOWS_MAX, type PartName, type PolicyDocument } from '../../domain/policy/data/items.ts';
export { LIBRARY_PARAMETERS, type LibraryPolicy, type LibrarySetting } from '../../domain/policy/data/library.ts';

/** Most items that one change may put or remove; the body is as long as any other may be. */
export const DATA_CHANGES_MAX = 200;
export const DATA_PAGE_MAX = 500;

export const partNameSchema = z.enum(PART_NAMES);
/** Id of an item: `global`, `site:hq` and `area:lab` for threats, `SITE:DATE` for holidays, the area's id for areas. */
export const itemIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/, 'is not an id: letters, digits, - _ . and :, at most 128');

/** GET /api/policy/data -> everything but the grants, which are paged. */
export const policyDataViewSchema = z.strictObject({
  /** Rises by one with every change; 0 before the first one. A change names the version it was made on. */
  version: z.int(),
  /** SHA-256 of what the policy reads, as decisions name it. */
  dataRevision: z.string(),
  parts: z.strictObject({
    profiles: z.record(z.string(), profileItemSchema),
    schedules: z.record(z.string(), scheduleItemSchema),
    holidays: z.record(z.string(), holidayItemSchema),
    areas: z.record(z.string(), areaItemSchema),
    threats: z.record(z.string(), threatItemSchema),
    exceptions: z.record(z.string(), exceptionItemSchema),
    library: z.record(z.string(), librarySettingSchema),
  }),
  grantCount: z.int(),
  /** What the configuration file says and items of the same id take the place of (holidays: are added to). It changes only there. */
  file: z.strictObject({
    schedules: z.record(z.string(), scheduleItemSchema),
    holidays: z.record(z.string(), holidayItemSchema),
    sites: z.array(z.strictObject({ id: z.string(), name: z.string(), timeZone: z.string() })),
    areas: z.array(
      z.strictObject({ id: z.string(), name: z.string(), siteId: z.string(), parentId: z.string().nullable(), securityLevel: z.int() }),
    ),
    resources: z.array(z.strictObject({ kind: z.enum(['door', 'app', 'vpn_realm']), id: z.string(), name: z.string() })),
  }),
  /** What the caller's role lets them do; the policy decides all the same. */
  may: z.strictObject({ edit: z.boolean(), open: z.boolean(), raiseThreat: z.boolean() }),
});
export type PolicyDataView = z.infer<typeof policyDataViewSchema>;

/** GET /api/policy/data/grants?after=&limit=&holder=person:ID&profile=ID */
export const grantsPageSchema = z.strictObject({
  version: z.int(),
  grants: z.array(z.strictObject({ id: z.string(), value: grantItemSchema })),
  next: z.string().nullable(),
});

/** GET /api/policy/data/seen?section=&after=&limit= : `data.gatehouse.SECTION` as the policy reads it, by its keys */
export const seenSchema = z.strictObject({
  dataRevision: z.string(),
  sections: z.array(z.string()),
  section: z.string(),
  members: z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
  next: z.string().nullable(),
});

const put = <Part extends PartName>(part: Part) =>
  z.strictObject({ part: z.literal(part), id: itemIdSchema, value: ITEM_SCHEMAS[part].nullable() });

/** One item put in (added or replaced), or taken out by `value: null`. */
export const itemChangeSchema = z.discriminatedUnion('part', [
  put('profiles'),
  put('grants'),
  put('schedules'),
  put('holidays'),
  put('areas'),
  put('threats'),
  put('exceptions'),
  put('library'),
]);
export type ItemChange = z.infer<typeof itemChangeSchema>;

const changesSchema = z.strictObject({
  /** The version that the form was filled from; another one by now is a conflict (409 request.conflict). */
  baseVersion: z.int().min(0),
  changes: z.array(itemChangeSchema).min(1).max(DATA_CHANGES_MAX),
});

/** POST /api/policy/data/changes -> dataChangedSchema. Errors name the field: `changes.0.value.untilMs`. */
export const dataChangeBodySchema = changesSchema.extend(reasonBodySchema.shape);

/** POST /api/policy/data/preview: changes nothing, needs no reason */
export const dataPreviewBodySchema = changesSchema;

/** What one change does to one item. */
const changeLineSchema = z.strictObject({
  part: partNameSchema,
  id: z.string(),
  kind: z.enum(['added', 'replaced', 'removed']),
  /** May let somebody in who is not let in now. Unsure counts as yes. */
  opens: z.boolean(),
  before: z.unknown(),
  after: z.unknown(),
});
export type DataChangeLine = z.infer<typeof changeLineSchema>;

export const dataPreviewSchema = z.strictObject({
  opens: z.boolean(),
  /** The operator action that such a change takes. */
  action: z.enum(['policy.data_edit', 'policy.data_open', 'policy.threat_raise']),
  lines: z.array(changeLineSchema),
  /** Where the policy will read something else: `grants/person:ann`; null = nothing there. */
  seen: z.array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() })).max(DATA_PAGE_MAX),
  /** How many places there are, named here or not. */
  seenTotal: z.int(),
  dataRevision: z.string(),
});
export type DataPreview = z.infer<typeof dataPreviewSchema>;

/**
 * POST /api/policy/data/impact -> impactJobSchema (contract/policy.ts), 202; GET /api/policy/data/impact/:id; POST
 * /api/policy/data/impact/:id/cancel. Every decision of the window is made again under the policy in force, with the data of now and with
 * the changed data; flips are what differs between the two. `revisionId` of the job is the policy's.
 */
export const dataImpactBodySchema = changesSchema.extend({
  /** Without it the last seven days. */
  window: replayWindowSchema
    .refine(({ fromMs, toMs }) => fromMs < toMs, 'must end after it begins')
    .nullable()
    .default(null),
});

const versionSchema = z.strictObject({
  version: z.int(),
  atMs: z.int(),
  /** `local` is the host. */
  operatorId: z.string(),
  origin: z.enum(['edited', 'reverted', 'imported']),
  reason: z.string(),
  /** The first ones; `changeCount` counts all. */
  changes: z.array(z.strictObject({ part: partNameSchema, id: z.string(), kind: z.enum(['added', 'replaced', 'removed']) })),
  changeCount: z.int(),
  opens: z.boolean(),
  /** The decision that allowed it; null for an import. */
  decisionId: z.string().nullable(),
});
export type DataVersion = z.infer<typeof versionSchema>;

/** POST /api/policy/data/changes and /revert -> in force on every thread that decides */
export const dataChangedSchema = z.strictObject({ version: versionSchema, dataRevision: z.string() });

/** GET /api/policy/data/history?before=VERSION&limit= : newest first */
export const dataHistorySchema = z.strictObject({ versions: z.array(versionSchema), next: z.int().nullable() });

/** GET /api/policy/data/diff?from=&to= : what has to change to make `from` into `to` */
export const dataDiffSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  total: z.int(),
  lines: z.array(changeLineSchema).max(DATA_PAGE_MAX),
});
export type DataDiff = z.infer<typeof dataDiffSchema>;

/** POST /api/policy/data/revert: makes the data what it was in `toVersion`, as a new version; exceptions that are over stay gone. */
export const dataRevertBodySchema = reasonBodySchema.extend({ baseVersion: z.int().min(0), toVersion: z.int().min(0) });

/** GET /api/policy/data/library */
export const libraryViewSchema = z.strictObject({
  policies: z.array(
    z.strictObject({
      id: z.enum(Object.keys(LIBRARY_PARAMETERS) as [keyof typeof LIBRARY_PARAMETERS]),
      title: z.string(),
      description: z.string(),
      kinds: z.array(z.enum(['door', 'app', 'vpn_realm'])),
      reasons: z.array(z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() })),
      obligations: z.array(z.string()),
      /** JSON Schema (draft 2020-12) of `parameters`; each property has its default where it has one. */
      parameters: z.record(z.string(), z.unknown()),
    }),
  ),
  /** What an exception may relax. */
  relaxable: z.array(z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() })),
});
export type LibraryView = z.infer<typeof libraryViewSchema>;
