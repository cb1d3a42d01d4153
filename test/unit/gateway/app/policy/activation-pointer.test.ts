import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPolicyStore } from '#adapters/memory/policy-store.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createTurns } from '#gateway/app/directory/turns.ts';
import { createActivation } from '#gateway/app/policy/life/activate.ts';
import type { PolicyLifeDeps } from '#gateway/app/policy/life/life-deps.ts';
import { loadActive } from '#gateway/app/policy/load-signed.ts';
import { findLoggedActivation } from '#gateway/app/policy/logged-activation.ts';
import { createActivationWatch } from '#gateway/app/policy/watch-activation.ts';
import { policyRevision } from '#gateway/domain/access/policy-manifest.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import { sampleRevision } from '#test/support/policy/revisions.ts';

const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };
const { manifest, wasm, data } = await loadPolicyBundle();

/** The shipped policy as another compiler version would have named it: another revision of the same bytes. */
function bundleOf(version: string): CompiledBundle {
  const { entrypoint, files, sources } = manifest;
  const content = { opa_version: version, entrypoint, files, sources };
  return { manifest: { ...content, revision: policyRevision(content) }, wasm, dataJson: canonicalJson(data), plan: null };
}
const [older, newer] = [bundleOf('v1'), bundleOf('v2')];

const moved = (
  event: 'activated' | 'rolled_back' | 'shadow_disagreed',
  revisionId: string,
  revision: string,
): AuditRecordOf<'policy_revision'> => ({
  type: 'policy_revision',
  occurredAtMs: 1,
  event,
  revisionId,
  revision,
  operatorId: null,
  reason: '',
  detail: '',
  decisionId: null,
});

const signature = { keyId: 'k', signature: 's', operatorId: 'usr_1', atMs: 1 };

/** Two revisions, both signed; the newer one was brought into force after the older one. */
async function makeSite() {
  const store = createMemoryPolicyStore();
  const log = createMemoryAuditLog({ clock });
  const revisions = [older, newer].map((bundle, index) =>
    sampleRevision({ id: `rev_${String(index)}`, revision: bundle.manifest.revision, state: 'superseded', signature }),
  );
  for (const [index, revision] of revisions.entries()) {
    await store.add(revision, { files: [], tests: [] });
    await store.keepBundle(revision.revision ?? '', index === 0 ? older : newer);
    await store.activate({ expectedNumber: index, to: revision, superseded: null, activatedAtMs: index });
    await log.append(moved('activated', revision.id, revision.revision ?? ''));
  }
  const raised: string[] = [];
  const load = async (isSigned: (text: string) => boolean = () => true) =>
    loadActive({
      store,
      signer: { verify: async (text) => isSigned(new TextDecoder().decode(text)) },
      logged: await findLoggedActivation(log),
      onRefused: (id, why) => raised.push(`${why} ${id}`),
      onMoved: (id) => raised.push(`moved ${id}`),
    });
  const [first] = revisions;
  if (first === undefined) throw new TypeError('there are two');
  const moveBack = () => store.activate({ expectedNumber: 2, to: first, superseded: null, activatedAtMs: 9 });
  return { store, log, raised, load, moveBack };
}

describe('findLoggedActivation', () => {
  it('is the last activation or roll-back, however much a shadow run said since', async () => {
    const { log } = await makeSite();
    await log.append(moved('rolled_back', 'rev_0', older.manifest.revision));
    for (let index = 0; index < 450; index += 1) await log.append(moved('shadow_disagreed', 'rev_1', newer.manifest.revision));
    expect(await findLoggedActivation(log)).toEqual({ revisionId: 'rev_0', revision: older.manifest.revision });
  });

  it('is nothing where nothing was brought into force', async () => {
    expect(await findLoggedActivation(createMemoryAuditLog({ clock }))).toBeNull();
  });
});

describe('loadActive', () => {
  it('loads what was brought into force last, and says nothing', async () => {
    const { load, raised } = await makeSite();
    expect((await load())?.manifest.revision).toBe(newer.manifest.revision);
    expect(raised).toEqual([]);
  });

  it('stays with the log when the pointer was moved back to an older signed revision, and says so', async () => {
    const { load, raised, moveBack } = await makeSite();
    await moveBack();
    expect((await load())?.manifest.revision).toBe(newer.manifest.revision);
    expect(raised).toEqual(['moved rev_0']);
  });

  it('does not take another signed bundle under the name that was brought into force', async () => {
    const { store, load, raised } = await makeSite();
    const row = await store.find('rev_1');
    if (row === null) throw new TypeError('it was added');
    await store.advance(row.state, { ...row, revision: older.manifest.revision });
    expect((await load())?.manifest.revision).toBe(older.manifest.revision);
    expect(raised).toEqual(['moved rev_1']);
  });

  it('locks nobody out when what the log names is refused: what decided before it does', async () => {
    const { load, raised } = await makeSite();
    expect((await load((text) => text.includes(older.manifest.revision)))?.manifest.revision).toBe(older.manifest.revision);
    expect(raised).toEqual(['signature_invalid rev_1']);
  });
});

describe('createActivationWatch', () => {
  async function makeWatch() {
    const site = await makeSite();
    const alarms: string[] = [];
    const raise = async (id: string, active: boolean) => alarms.push(`${id} ${active ? 'begins' : 'ends'}`);
    const settle = async () => alarms.push('settled');
    return { ...site, alarms, look: createActivationWatch({ store: site.store, log: site.log, raise, settle }) };
  }

  it('raises one alarm for a pointer that was moved, has it put back, and ends it when it stands right again', async () => {
    const { store, look, alarms, moveBack } = await makeWatch();
    for (let round = 0; round < 3; round += 1) await look();
    await moveBack();
    for (let round = 0; round < 3; round += 1) await look();
    expect(alarms).toEqual(['rev_0 begins', 'settled']);
    const right = await store.find('rev_1');
    if (right === null) throw new TypeError('it was added');
    await store.activate({ expectedNumber: 3, to: right, superseded: null, activatedAtMs: 10 });
    for (let round = 0; round < 3; round += 1) await look();
    expect(alarms).toEqual(['rev_0 begins', 'settled', 'rev_0 ends']);
  });

  it('takes no activation for one whose record comes a moment later', async () => {
    const { log, look, alarms, moveBack } = await makeWatch();
    await look();
    await moveBack();
    await look();
    await log.append(moved('rolled_back', 'rev_0', older.manifest.revision));
    await look();
    await look();
    expect(alarms).toEqual([]);
  });
});

describe('settlePointer', () => {
  async function makeSettled(deciding: CompiledBundle) {
    const site = await makeSite();
    // What puts the pointer back asks for nothing else.
    const deps = {
      store: site.store,
      audit: site.log,
      clock,
      policy: { revision: deciding.manifest.revision },
    } as unknown as PolicyLifeDeps;
    const states = async () => (await site.store.list({ beforeId: null, limit: 9 })).map(({ id, state }) => `${id} ${state}`).sort();
    const pointer = async () => (await site.store.activation())?.revisionId;
    const { settlePointer } = createActivation(deps, createTurns());
    /** As an activation that is cut off before its record. */
    const cutOff = async () => {
      const [first, second] = await Promise.all([site.store.find('rev_0'), site.store.find('rev_1')]);
      if (first === null || second === null) throw new TypeError('they were added');
      const [to, superseded] = [{ ...first, state: 'active' } as const, { ...second, state: 'superseded' } as const];
      await site.store.activate({ expectedNumber: 2, to, superseded, activatedAtMs: 9 });
    };
    return { ...site, cutOff, pointer, settlePointer, states };
  }

  it('shows what decides as active after an activation that was cut off before its record', async () => {
    const { cutOff, pointer, settlePointer, states } = await makeSettled(newer);
    await cutOff();
    expect(await states()).toEqual(['rev_0 active', 'rev_1 superseded']);
    await settlePointer();
    expect([await pointer(), await states()]).toEqual(['rev_1', ['rev_0 superseded', 'rev_1 active']]);
  });

  it('leaves the pointer alone where what the log names does not decide', async () => {
    const { cutOff, pointer, settlePointer, states } = await makeSettled(older);
    await cutOff();
    await settlePointer();
    expect([await pointer(), await states()]).toEqual(['rev_0', ['rev_0 active', 'rev_1 superseded']]);
  });

  it('leaves it alone where another bundle goes by the name that the log gives', async () => {
    const { pointer, settlePointer, store } = await makeSettled(newer);
    const row = await store.find('rev_1');
    if (row === null) throw new TypeError('it was added');
    await store.advance(row.state, { ...row, revision: older.manifest.revision });
    await settlePointer();
    expect([await pointer(), (await store.activation())?.number]).toEqual(['rev_1', 2]);
  });

  it('writes nothing where the two agree', async () => {
    const { settlePointer, store } = await makeSettled(newer);
    await settlePointer();
    expect((await store.activation())?.number).toBe(2);
  });
});
