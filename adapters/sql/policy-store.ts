import type { Kysely } from 'kysely';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { revisionContentSchema } from '#gateway/domain/policy/revision.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import { POLICY_REPORT_BYTES_MAX, POLICY_REVISIONS_MAX, type PolicyStore } from '#gateway/ports/policy-store.ts';
import { createSqlPolicyData, DATA_LIMITS, type DataLimits } from './policy-data.ts';
import { pack, toActivation, toRevision, toRevisionRow, unpack, unpackText } from './policy-rows.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

export interface PolicyLimits extends DataLimits {
  readonly revisionsMax: number;
}

type Db = Kysely<RecordsTables>;

export function createSqlPolicyStore(db: Db, limits: PolicyLimits = { ...DATA_LIMITS, revisionsMax: POLICY_REVISIONS_MAX }): PolicyStore {
  return { ...revisions(db, limits.revisionsMax), ...reports(db), ...bundles(db), ...activations(db), ...createSqlPolicyData(db, limits) };
}

function revisions(db: Db, revisionsMax: number): Pick<PolicyStore, 'add' | 'find' | 'findByRevision' | 'list' | 'content' | 'advance'> {
  return {
    add: (revision, content) =>
      storeCall(
        async () => {
          const packed = await pack(JSON.stringify(content));
          await db.transaction().execute(async (transaction) => {
            const { rows } = await transaction
              .selectFrom('policy_revisions')
              .select((eb) => eb.fn.countAll<number>().as('rows'))
              .executeTakeFirstOrThrow();
            if (rows >= revisionsMax) throw new GatewayError('store.conflict', 'There are as many revisions as there may be.');
            await transaction
              .insertInto('policy_revisions')
              .values({ ...toRevisionRow(revision), position: rows + 1, content: packed })
              .execute();
          });
        },
        { unique: 'There is a revision of this id.' },
      ),
    find: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('policy_revisions').select('detail_json').where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toRevision(row);
      }),
    findByRevision: (revision) =>
      storeCall(async () => {
        const row = await db
          .selectFrom('policy_revisions')
          .select('detail_json')
          .where('revision', '=', revision)
          .orderBy('position', 'desc')
          .limit(1)
          .executeTakeFirst();
        return row === undefined ? null : toRevision(row);
      }),
    list: ({ beforeId, limit }) =>
      storeCall(async () => {
        const all = db.selectFrom('policy_revisions').select('detail_json').orderBy('position', 'desc').limit(limit);
        if (beforeId === null) return (await all.execute()).map(toRevision);
        const last = db.selectFrom('policy_revisions').select('position').where('id', '=', beforeId);
        return (await all.where('position', '<', last).execute()).map(toRevision);
      }),
    content: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('policy_revisions').select('content').where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : revisionContentSchema.parse(JSON.parse(await unpackText(row.content)));
      }),
    advance: (from, to) =>
      storeCall(async () => {
        const { id, ...row } = toRevisionRow(to);
        const result = await db.updateTable('policy_revisions').set(row).where('id', '=', id).where('state', '=', from).executeTakeFirst();
        return result.numUpdatedRows === 1n;
      }),
  };
}

function reports(db: Db): Pick<PolicyStore, 'keepReport' | 'report'> {
  return {
    keepReport: (id, kind, report) =>
      storeCall(async () => {
        const json = JSON.stringify(report);
        if (json.length > POLICY_REPORT_BYTES_MAX) throw new GatewayError('request.too_large', 'The report is too large to be kept.');
        const body = await pack(json);
        await db
          .insertInto('policy_reports')
          .values({ revision_id: id, kind, body })
          .onConflict((conflict) => conflict.columns(['revision_id', 'kind']).doUpdateSet({ body }))
          .execute();
      }),
    report: (id, kind) =>
      storeCall(async () => {
        const row = await db
          .selectFrom('policy_reports')
          .select('body')
          .where('revision_id', '=', id)
          .where('kind', '=', kind)
          .executeTakeFirst();
        return row === undefined ? null : (JSON.parse(await unpackText(row.body)) as unknown);
      }),
  };
}

function bundles(db: Db): Pick<PolicyStore, 'keepBundle' | 'bundle'> {
  return {
    keepBundle: (revision, { manifest, wasm, dataJson, plan }) =>
      storeCall(async () => {
        const packedPlan = plan === null ? null : await pack(JSON.stringify(plan));
        await db
          .insertInto('policy_bundles')
          .values({ revision, manifest_json: canonicalJson(manifest), wasm: await pack(wasm), data_json: dataJson, plan: packedPlan })
          .onConflict((conflict) =>
            packedPlan === null ? conflict.doNothing() : conflict.column('revision').doUpdateSet({ plan: packedPlan }),
          )
          .execute();
      }),
    bundle: (revision) =>
      storeCall(async () => {
        const row = await db.selectFrom('policy_bundles').selectAll().where('revision', '=', revision).executeTakeFirst();
        if (row === undefined) return null;
        try {
          return {
            // Whoever loads it parses it and looks at its hash.
            manifest: JSON.parse(row.manifest_json) as CompiledBundle['manifest'],
            wasm: await unpack(row.wasm),
            dataJson: row.data_json,
            plan: row.plan === null ? null : (JSON.parse(await unpackText(row.plan)) as unknown),
          };
        } catch (cause) {
          throw new GatewayError('store.corrupt', 'A stored policy cannot be read.', { cause });
        }
      }),
  };
}

function activations(db: Db): Pick<PolicyStore, 'activation' | 'activations' | 'activate'> {
  const newest = async (limit: number) =>
    (await db.selectFrom('policy_activations').selectAll().orderBy('number', 'desc').limit(limit).execute()).map(toActivation);
  return {
    activation: () => storeCall(async () => (await newest(1))[0] ?? null),
    activations: (limit) => storeCall(() => newest(limit)),
    activate: ({ expectedNumber, to, superseded, activatedAtMs }) =>
      storeCall(() =>
        db.transaction().execute(async (transaction) => {
          if (to.revision === null) throw new TypeError('what is activated has been compiled');
          const [last] = await transaction.selectFrom('policy_activations').selectAll().orderBy('number', 'desc').limit(1).execute();
          if ((last?.number ?? 0) !== expectedNumber) return false;
          await transaction
            .insertInto('policy_activations')
            .values({
              number: expectedNumber + 1,
              revision_id: to.id,
              revision: to.revision,
              previous_id: last?.revision_id ?? null,
              activated_at_ms: activatedAtMs,
            })
            .execute();
          for (const changed of superseded === null ? [to] : [superseded, to]) {
            const { id, ...row } = toRevisionRow(changed);
            await transaction.updateTable('policy_revisions').set(row).where('id', '=', id).execute();
          }
          return true;
        }),
      ),
  };
}
