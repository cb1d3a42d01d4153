import type { Express, Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorBodySchema } from '#gateway/http/contract/common.ts';
import * as policy from '#gateway/http/contract/policy.ts';
import * as contract from '#gateway/http/contract/policy-data.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import { LIBRARY } from '#gateway/domain/policy/data/library.ts';
import { FIRST_DOCUMENT, POLICY_FILE } from './fake-policy-document.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;
type Document = contract.PolicyDocument;
type Changes = readonly contract.ItemChange[];

/** What a test may look at and change while the pages are open. */
export interface FakePolicyData {
  may: contract.PolicyDataView['may'];
  readonly documents: readonly Document[];
  /** Somebody else saves. */
  readonly saveAs: (operatorId: string, changes: Changes, reason: string) => void;
  readonly routes: (app: Express, answer: Answer) => void;
}

/** Sections that are not named like the part that they are made of. */
const SECTIONS: Readonly<Record<string, contract.PartName>> = { weekly: 'schedules', library_settings: 'library' };

/** Parts of policy data as the gateway keeps them: every version stays, and a change names the one it was made on. */
export function createFakePolicyData(): FakePolicyData {
  const documents: Document[] = [FIRST_DOCUMENT];
  const versions: contract.DataVersion[] = [];
  const now = (): Document => documents.at(-1) ?? FIRST_DOCUMENT;
  const save = (operatorId: string, changes: Changes, reason: string, origin: 'edited' | 'reverted' = 'edited'): contract.DataVersion => {
    const lines = linesOf(now(), changes);
    documents.push(withChanges(now(), changes));
    const version = {
      version: documents.length - 1,
      atMs: Date.now(),
      operatorId,
      origin,
      reason,
      changes: lines.map(({ part, id, kind }) => ({ part, id, kind })),
      changeCount: lines.length,
      opens: lines.some(({ opens }) => opens),
      decisionId: `dec_data_${String(documents.length - 1)}`,
    };
    versions.unshift(version);
    return version;
  };
  const fake: FakePolicyData = {
    may: { edit: true, open: true, raiseThreat: true },
    documents,
    saveAs: (operatorId, changes, reason) => void save(operatorId, changes, reason),
    routes: (app, answer) => {
      const saved = (response: Response, version: contract.DataVersion): void =>
        answer(response, contract.dataChangedSchema, { version, dataRevision: hashOf(now()) });
      readRoutes({ app, answer, fake, documents, versions, now });
      app.post('/api/policy/data/preview', (request, response) => {
        const { baseVersion, changes } = contract.dataPreviewBodySchema.parse(request.body);
        if (baseVersion !== documents.length - 1) return conflict(answer, response);
        return answer(response, contract.dataPreviewSchema, previewOf(now(), changes));
      });
      app.post('/api/policy/data/changes', (request, response) => {
        const { baseVersion, changes, reason } = contract.dataChangeBodySchema.parse(request.body);
        if (baseVersion !== documents.length - 1) return conflict(answer, response);
        return saved(response, save('usr_ada', changes, reason));
      });
      app.post('/api/policy/data/revert', (request, response) => {
        const { toVersion, reason } = contract.dataRevertBodySchema.parse(request.body);
        const changes = changesTo(now(), documents[toVersion] ?? FIRST_DOCUMENT);
        return saved(response, save('usr_ada', changes, reason, 'reverted'));
      });
      impactRoutes(app, answer);
    },
  };
  return fake;
}

interface ReadWorld {
  readonly app: Express;
  readonly answer: Answer;
  readonly fake: FakePolicyData;
  readonly documents: readonly Document[];
  readonly versions: readonly contract.DataVersion[];
  readonly now: () => Document;
}

function readRoutes({ app, answer, fake, documents, versions, now }: ReadWorld): void {
  const version = (): number => documents.length - 1;
  app.get('/api/policy/data', (_request, response) => {
    const { grants, ...parts } = now();
    const view = { version: version(), dataRevision: hashOf(now()), grantCount: Object.keys(grants).length };
    answer(response, contract.policyDataViewSchema, { ...view, parts, file: POLICY_FILE, may: fake.may });
  });
  app.get('/api/policy/data/grants', (request, response) => {
    const all = Object.entries(now().grants).map(([id, value]) => ({ id, value }));
    const profile = textOf(request, 'profile');
    const grants = all.filter(({ value }) => profile === '' || value.profileId === profile);
    answer(response, contract.grantsPageSchema, { version: version(), grants, next: null });
  });
  app.get('/api/policy/data/seen', (request, response) => {
    const section = textOf(request, 'section');
    const part = SECTIONS[section] ?? (section as contract.PartName);
    const members = Object.entries(now()[part]).map(([key, value]: [string, unknown]) => ({ key, value }));
    const sections = Object.keys(now());
    answer(response, contract.seenSchema, { dataRevision: hashOf(now()), sections, section, members, next: null });
  });
  app.get('/api/policy/data/history', (_request, response) =>
    answer(response, contract.dataHistorySchema, { versions: [...versions], next: null }),
  );
  app.get('/api/policy/data/diff', (request, response) => {
    const [from, to] = [Number(request.query['from']), Number(request.query['to'])];
    const [before, after] = [documents[from] ?? FIRST_DOCUMENT, documents[to] ?? FIRST_DOCUMENT];
    const lines = linesOf(before, changesTo(before, after));
    answer(response, contract.dataDiffSchema, { from, to, total: lines.length, lines });
  });
  app.get('/api/policy/data/library', (_request, response) =>
    answer(response, contract.libraryViewSchema, {
      policies: LIBRARY.map((ready) => ({
        ...ready,
        kinds: [...ready.kinds],
        obligations: [...ready.obligations],
        reasons: [...explainReasons(ready.reasons)],
        parameters: z.toJSONSchema(contract.LIBRARY_PARAMETERS[ready.id]),
      })),
      relaxable: [...explainReasons(contract.RELAXABLE_REASONS)],
    }),
  );
}

/** Runs until it is asked after for the second time. */
function impactRoutes(app: Express, answer: Answer): void {
  const job = (state: policy.ImpactJobView['state'], message: string): policy.ImpactJobView => ({
    id: 'imp_1',
    revisionId: 'rev_1',
    state,
    progress: { decisions: 120, flips: 3, share01: 0.4 },
    message,
    report: null,
  });
  let asked = 0;
  app.post('/api/policy/data/impact', (_request, response) => answer(response.status(202), policy.impactJobSchema, job('running', '')));
  app.get('/api/policy/data/impact/:id', (_request, response) => {
    asked += 1;
    answer(response, policy.impactJobSchema, asked < 2 ? job('running', '') : job('failed', 'The log of that time is not there.'));
  });
}

const textOf = (request: Request, name: string): string => (typeof request.query[name] === 'string' ? request.query[name] : '');
const hashOf = (document: unknown): string => createHash('sha256').update(JSON.stringify(document)).digest('hex');

function conflict(answer: Answer, response: Response): void {
  const error = { code: 'request.conflict', message: 'Somebody else changed the data first.' };
  answer(response.status(409), errorBodySchema, { error });
}

function withChanges(document: Document, changes: Changes): Document {
  const next = structuredClone(document) as unknown as Record<string, Record<string, unknown>>;
  for (const { part, id, value } of changes) {
    const items = next[part] ?? {};
    if (value === null) delete items[id];
    else items[id] = value;
  }
  return next as unknown as Document;
}

function linesOf(document: Document, changes: Changes): contract.DataChangeLine[] {
  return changes.map(({ part, id, value }) => {
    const before = document[part][id] ?? null;
    const kind = value === null ? 'removed' : before === null ? 'added' : 'replaced';
    // As coarse as it gets: less of a threat level, an exception and a grant open; all else is taken not to.
    const opens = (part === 'threats' && kind !== 'added') || ((part === 'exceptions' || part === 'grants') && value !== null);
    return { part, id, kind, opens, before, after: value };
  });
}

function previewOf(document: Document, changes: Changes): contract.DataPreview {
  const lines = linesOf(document, changes);
  const opens = lines.some((line) => line.opens);
  return {
    opens,
    action: opens ? 'policy.data_open' : 'policy.data_edit',
    lines,
    seen: lines.map(({ part, id, before, after }) => ({ path: `${part}/${id}`, before, after })),
    seenTotal: lines.length,
    dataRevision: hashOf(withChanges(document, changes)),
  };
}

/** What has to change to make one document into another. */
function changesTo(before: Document, after: Document): Changes {
  const parts = Object.keys(before) as contract.PartName[];
  return parts.flatMap((part) => {
    const ids = [...new Set([...Object.keys(before[part]), ...Object.keys(after[part])])];
    return ids
      .filter((id) => JSON.stringify(before[part][id]) !== JSON.stringify(after[part][id]))
      .map((id) => ({ part, id, value: after[part][id] ?? null }));
  });
}
