import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { createReadOwnLog, OWN_LOG_AGE_MS_MAX, OWN_LOG_SCAN_MAX } from '#gateway/app/self/own-log.ts';
import type { DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { personId } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const ann = personId('ann');

function start() {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const credentials = createMemoryCredentialStore();
  const read = createReadOwnLog({
    auditReader: audit,
    clock,
    credentials,
    deskDevices: { ofPerson: async () => [{ id: 'dsk_1', label: 'Laptop' } as DeskDevice] },
    sites: createSiteMap(sampleInstallation),
  });
  const append = (action: string) =>
    audit.append({
      type: 'decision',
      occurredAtMs: nowMs,
      decisionId: 'dec_1',
      channel: 'oidc',
      action,
      personId: ann,
      resourceType: 'app',
      resourceId: 'wiki',
      effect: 'permit',
      reasons: [],
      permits: ['app.granted'],
      obligations: [],
      policyRevision: '',
      dataRevision: '',
      epoch: 0,
      mode: 'online',
      latencyUs: 0,
      operatorReason: null,
      input: null,
    } satisfies AuditRecordOf<'decision'>);
  const change = (changes: string[], operatorId = 'usr_ada') =>
    audit.append({
      type: 'directory_change',
      occurredAtMs: nowMs,
      changeId: 'chg_1',
      subjectType: 'person',
      subjectId: ann,
      personId: ann,
      change: 'replaced',
      changes,
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
  return { read, append, change, pass: (ms: number) => void (nowMs += ms) };
}

describe('the own log', () => {
  it('holds what arrived exactly thirty days ago, and nothing a millisecond older', async () => {
    const { read, append, pass } = start();
    await append('app.login');
    pass(OWN_LOG_AGE_MS_MAX);
    expect(await read({ personId: ann, before: null, limit: 10 })).toMatchObject({ entries: [{ action: 'app.login' }], next: null });
    pass(1);
    expect(await read({ personId: ann, before: null, limit: 10 })).toEqual({ entries: [], next: null });
  });

  it('looks at so many entries at most for one page, and says where the next one begins', async () => {
    const { read, append } = start();
    await append('app.login');
    for (let index = 0; index < OWN_LOG_SCAN_MAX; index += 1) await append('token.refresh');
    const first = await read({ personId: ann, before: null, limit: 10 });
    expect(first).toEqual({ entries: [], next: 2 });
    expect(await read({ personId: ann, before: first.next, limit: 10 })).toMatchObject({ entries: [{ seq: 1 }], next: null });
  });

  it('says what became of the person’s computers, and nothing else of what operators change', async () => {
    const { read, change } = start();
    await change(['desk_offered:Laptop']);
    await change(['+desk:dsk_1', '+face_pack:abc']);
    await change(['+role:guard', 'displayName']);
    await change(['-desk:dsk_0'], ann);
    const { entries } = await read({ personId: ann, before: null, limit: 10 });
    expect(entries).toMatchObject([
      { credential: 'computer', event: 'revoked', name: null, by: 'self' },
      { credential: 'computer', event: 'enrolled', name: 'Laptop', by: 'operator' },
      { credential: 'computer', event: 'enrolment_offered', name: 'Laptop', by: 'operator' },
    ]);
  });

  it('reads nothing of anybody else', async () => {
    const { read, append } = start();
    await append('app.login');
    expect(await read({ personId: personId('bob'), before: null, limit: 10 })).toEqual({ entries: [], next: null });
  });
});
