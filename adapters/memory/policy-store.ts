import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { dataRevisionOf } from '#gateway/domain/policy/data-parts.ts';
import type { PolicyRevision, RevisionContent } from '#gateway/domain/policy/revision.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import {
  DATA_DOCUMENTS_MAX,
  DATA_RETENTION_MS,
  POLICY_REPORT_BYTES_MAX,
  POLICY_REVISIONS_MAX,
  type PolicyActivation,
  type PolicyStore,
} from '#gateway/ports/policy-store.ts';

const LIMITS = { revisionsMax: POLICY_REVISIONS_MAX, documentsMax: DATA_DOCUMENTS_MAX, retentionMs: DATA_RETENTION_MS };

export function createMemoryPolicyStore(limits: typeof LIMITS = LIMITS): PolicyStore {
  const revisions = new Map<string, PolicyRevision>();
  const contents = new Map<string, RevisionContent>();
  const bundles = new Map<string, CompiledBundle>();
  const reports = new Map<string, string>();
  const activations: PolicyActivation[] = [];
  return {
    ...createMemoryPolicyData(limits),
    add: async (revision, content) => {
      if (revisions.has(revision.id)) throw new GatewayError('store.conflict', 'There is a revision of this id.');
      if (revisions.size >= limits.revisionsMax) throw new GatewayError('store.conflict', 'There are as many revisions as there may be.');
      revisions.set(revision.id, revision);
      contents.set(revision.id, structuredClone(content));
    },
    find: async (id) => revisions.get(id) ?? null,
    findByRevision: async (hash) => [...revisions.values()].findLast(({ revision }) => revision === hash) ?? null,
    list: async ({ beforeId, limit }) => {
      const newestFirst = [...revisions.values()].reverse();
      const from = beforeId === null ? 0 : newestFirst.findIndex(({ id }) => id === beforeId) + 1;
      return newestFirst.slice(from, from + limit);
    },
    content: async (id) => structuredClone(contents.get(id) ?? null),
    advance: async (from, to) => {
      if (revisions.get(to.id)?.state !== from) return false;
      revisions.set(to.id, to);
      return true;
    },
    keepBundle: async (revision, bundle) => {
      const known = bundles.get(revision);
      bundles.set(revision, known === undefined ? structuredClone(bundle) : { ...known, plan: bundle.plan ?? known.plan });
    },
    bundle: async (revision) => structuredClone(bundles.get(revision) ?? null),
    keepReport: async (id, kind, report) => {
      const json = JSON.stringify(report);
      if (json.length > POLICY_REPORT_BYTES_MAX) throw new GatewayError('request.too_large', 'The report is too large to be kept.');
      reports.set(`${id} ${kind}`, json);
    },
    report: async (id, kind) => JSON.parse(reports.get(`${id} ${kind}`) ?? 'null') as unknown,
    activation: async () => activations.at(-1) ?? null,
    activations: async (limit) => activations.toReversed().slice(0, limit),
    activate: async ({ expectedNumber, to, superseded, activatedAtMs }) => {
      if (to.revision === null) throw new TypeError('what is activated has been compiled');
      const last = activations.at(-1);
      if ((last?.number ?? 0) !== expectedNumber) return false;
      const previousId = last?.revisionId ?? null;
      activations.push({ number: expectedNumber + 1, revisionId: to.id, revision: to.revision, previousId, activatedAtMs });
      if (superseded !== null) revisions.set(superseded.id, superseded);
      revisions.set(to.id, to);
      return true;
    },
  };
}

function createMemoryPolicyData({ documentsMax, retentionMs }: typeof LIMITS): Pick<PolicyStore, 'keepData' | 'data' | 'pruneData'> {
  const documents = new Map<string, { readonly text: string; readonly keptAtMs: number }>();
  return {
    keepData: async (data, nowMs) => {
      const dataRevision = dataRevisionOf(data);
      documents.set(dataRevision, { text: canonicalJson(data), keptAtMs: nowMs });
      return dataRevision;
    },
    data: async (dataRevision) => {
      const found = documents.get(dataRevision);
      return found === undefined ? null : (JSON.parse(found.text) as PolicyData);
    },
    pruneData: async ({ nowMs, activeDataRevision }) => {
      const others = [...documents].filter(([name]) => name !== activeDataRevision).sort(([, a], [, b]) => b.keptAtMs - a.keptAtMs);
      const gone = others.filter(([, { keptAtMs }], index) => keptAtMs < nowMs - retentionMs || index >= documentsMax - 1);
      for (const [name] of gone) documents.delete(name);
      return gone.length;
    },
  };
}
