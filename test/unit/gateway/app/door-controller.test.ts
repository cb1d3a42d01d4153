import { describe, expect, it } from 'vitest';
import { CARD_READ_AGE_MS_MAX } from '#gateway/app/doors/badge-read.ts';
import { CARD_READS_WAITING_MAX, createCardQueue } from '#gateway/app/doors/card-queue.ts';
import { BLOCK_STEPS_MS, GUESSES_MAX } from '#gateway/domain/doors/card-guessing.ts';
import { encodeCard } from '#gateway/domain/people/card-format.ts';
import type { CredentialId, DecisionId, DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { SAMPLE_NOW_MS, sampleBadge, samplePerson } from '#test/support/sample-input.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';

const permit = () => permitAnswer('door.granted');
const deny = () => denyAnswer('grant.missing');

describe('a badge at an entry reader', () => {
  it('releases the lock on a permit and ties everything to one decision', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    await bench.badge('main-in');
    bench.contact('main-in', true);
    const [decision] = await bench.records('decision');
    expect(bench.readers.pulses).toEqual([{ readerId: 'main-in', output: 0, durationMs: 5_000 }]);
    expect(bench.readers.indications).toEqual([{ readerId: 'main-in', indication: 'granted' }]);
    expect((await bench.audit.ofDecision(decision?.decisionId ?? '')).map(({ record }) => record.type)).toEqual(
      expect.arrayContaining(['decision', 'outcome', 'door_state', 'presence']),
    );
    expect(await bench.records('presence')).toMatchObject([
      { personId: samplePerson.id, state: 'inside', areaId: 'building', confidence: 'medium', cause: 'badge_entry' },
    ]);
  });

  it('gives presence of high confidence only behind a captive door', async () => {
    const bench = await createDoorBench(permit);
    bench.online('servers-door-in', 'servers-door-out');
    await bench.badge('servers-door-in');
    bench.contact('servers-door-in', true);
    expect(await bench.records('presence')).toMatchObject([{ areaId: 'servers', confidence: 'high' }]);
  });

  it('keeps the lock shut on a deny and shows the same pattern for every reason', async () => {
    for (const answer of [deny, () => denyAnswer('subject.suspended'), () => undefined]) {
      const bench = await createDoorBench(answer);
      bench.online('main-in');
      await bench.badge('main-in');
      expect(bench.readers.pulses).toEqual([]);
      expect(bench.readers.indications).toEqual([{ readerId: 'main-in', indication: 'denied' }]);
    }
  });

  it('asks with an unknown credential when nobody has the card, and records the deny', async () => {
    const bench = await createDoorBench((input) =>
      input.context.credential.known ? permit() : denyAnswer('credential.unknown', 'subject.unknown'),
    );
    bench.online('main-in');
    await bench.badge('main-in', encodeCard({ format: 'H10301', facility: 1, number: '9' }) ?? expect.fail());
    expect(await bench.records('decision')).toMatchObject([
      { effect: 'deny', reasons: ['credential.unknown', 'subject.unknown'], personId: null },
    ]);
  });

  it('refuses bits that are no known card, without asking', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    await bench.badge('main-in', { bits: Uint8Array.of(0xff, 0xff, 0xff), bitCount: 24 });
    expect(await bench.records('decision')).toMatchObject([{ effect: 'deny', reasons: ['card.format_unknown'], input: null }]);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('takes a card that two registered badges could be for nobody’s', async () => {
    const bench = await createDoorBench((input) => (input.context.credential.known ? permit() : denyAnswer('credential.unknown')));
    bench.online('main-in');
    const card = encodeCard({ format: 'H10304', facility: 400, number: '2001' }) ?? expect.fail();
    await bench.stores.credentials.saveBadge({ ...sampleBadge, id: 'crd_a' as CredentialId, badgeKey: 'H10304:400:2001' });
    await bench.badge('main-in', card);
    await bench.stores.credentials.saveBadge({ ...sampleBadge, id: 'crd_b' as CredentialId, badgeKey: `H10302::${400 * 2 ** 19 + 2001}` });
    await bench.badge('main-in', card);
    expect((await bench.records('decision')).map(({ effect }) => effect)).toEqual(['permit', 'deny']);
  });

  it('denies a read that waited too long, and takes one exactly at the limit', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    await bench.badge('main-in', undefined, SAMPLE_NOW_MS - CARD_READ_AGE_MS_MAX);
    await bench.badge('main-in', undefined, SAMPLE_NOW_MS - CARD_READ_AGE_MS_MAX - 1);
    expect((await bench.records('decision')).map(({ reasons }) => reasons)).toEqual([[], ['pdp.late']]);
  });

  it('decides again when a revocation lands while the permit is being recorded', async () => {
    const bench = await createDoorBench((input) => {
      if (input.subject.properties.status === 'suspended') return denyAnswer('subject.suspended');
      void bench.stores.people.changeStanding({ personId: samplePerson.id, to: 'suspended', nowMs: SAMPLE_NOW_MS });
      return permit();
    });
    bench.online('main-in');
    await bench.badge('main-in');
    expect((await bench.records('decision')).map(({ effect, epoch }) => ({ effect, epoch }))).toEqual([
      { effect: 'permit', epoch: 0 },
      { effect: 'deny', epoch: 1 },
    ]);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('raises an alarm for reads that no longer fit the queue, and decides the others', async () => {
    const bench = await createDoorBench(deny);
    bench.online('main-in');
    await Promise.all(Array.from({ length: CARD_READS_WAITING_MAX + 1 }, () => bench.badge('main-in')));
    expect(await bench.records('decision')).toHaveLength(CARD_READS_WAITING_MAX);
    expect(await bench.records('alarm')).toMatchObject([{ code: 'reader.reads_dropped', sourceType: 'reader', sourceId: 'main-in' }]);
  });

  it('ignores the reader for a while after many cards of nobody, with one alarm, and never at the way out', async () => {
    const bench = await createDoorBench((input) => (input.context.credential.known ? permit() : denyAnswer('credential.unknown')));
    bench.online('servers-door-in', 'servers-door-out');
    for (let number = 1; number <= GUESSES_MAX; number += 1) {
      await bench.badge('servers-door-in', encodeCard({ format: 'H10301', facility: 1, number: String(number) }) ?? expect.fail());
    }
    await bench.badge('servers-door-in');
    expect(await bench.records('decision')).toHaveLength(GUESSES_MAX);
    expect(await bench.records('alarm')).toMatchObject([{ code: 'reader.card_guessing', sourceId: 'servers-door-in', active: true }]);
    await bench.badge('servers-door-out', encodeCard({ format: 'H10301', facility: 1, number: '1' }) ?? expect.fail());
    expect(bench.readers.pulses).toHaveLength(1);
    bench.advance(BLOCK_STEPS_MS[0]);
    await bench.badge('servers-door-in');
    expect(bench.readers.pulses).toHaveLength(2);
  });

  it('keeps a release as long as it is when the wall clock is set back', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    await bench.badge('main-in');
    bench.setBack(3_600_000);
    bench.advance(5_001);
    bench.contact('main-in', true);
    expect(await bench.records('alarm')).toMatchObject([{ code: 'door.forced', active: true }]);
  });

  it('denies when the log does not take the decision', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    bench.audit.breakDown();
    await bench.badge('main-in');
    expect(bench.readers.pulses).toEqual([]);
    expect(bench.readers.indications).toEqual([{ readerId: 'main-in', indication: 'denied' }]);
  });

  it('shows denied when the reader does not carry out the release', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    bench.readers.answer = { ok: false, code: 'reader.offline' };
    await bench.badge('main-in');
    expect(await bench.records('outcome')).toMatchObject([{ outcome: 'unlock_failed', detail: 'reader.offline' }]);
    expect(bench.readers.indications).toEqual([{ readerId: 'main-in', indication: 'denied' }]);
  });
});

describe('the way out', () => {
  it('is free by request-to-exit, whatever the policy, the store and the log do', async () => {
    const bench = await createDoorBench(() => expect.fail('egress asks nobody'));
    bench.online('main-in');
    bench.audit.breakDown();
    bench.readers.emit({ kind: 'inputs', readerId: 'main-in' as ReaderId, inputs: ['inactive', 'active'], occurredAtMs: SAMPLE_NOW_MS });
    expect(bench.readers.pulses).toEqual([{ readerId: 'main-in', output: 0, durationMs: 5_000 }]);
  });

  it('is free at an exit reader for a suspended person and for an unknown card, and presence follows', async () => {
    const bench = await createDoorBench(() => expect.fail('egress asks nobody'));
    bench.online('servers-door-in', 'servers-door-out');
    await bench.stores.people.changeStanding({ personId: samplePerson.id, to: 'suspended', nowMs: SAMPLE_NOW_MS });
    await bench.badge('servers-door-out');
    bench.contact('servers-door-in', true);
    bench.contact('servers-door-in', false);
    await bench.badge('servers-door-out', { bits: Uint8Array.of(1), bitCount: 8 });
    expect(bench.readers.pulses).toHaveLength(2);
    expect(await bench.records('presence')).toMatchObject([
      { personId: samplePerson.id, state: 'inside', areaId: 'building', cause: 'badge_exit' },
    ]);
    expect(await bench.records('egress')).toMatchObject([
      { cause: 'exit_reader', personId: samplePerson.id },
      { cause: 'exit_reader', personId: null },
    ]);
  });

  it('is released once while the button is held', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    const press = (active: boolean): void =>
      bench.readers.emit({
        kind: 'inputs',
        readerId: 'main-in' as ReaderId,
        inputs: ['inactive', active ? 'active' : 'inactive'],
        occurredAtMs: SAMPLE_NOW_MS,
      });
    [true, true, false, true].forEach(press);
    expect(bench.readers.pulses).toHaveLength(2);
  });
});

describe('door states', () => {
  it('become unknown when any reader of the door stops answering', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    bench.readers.emit({ kind: 'offline', readerId: 'main-in' as ReaderId, cause: 'timeout', occurredAtMs: SAMPLE_NOW_MS });
    expect((await bench.records('door_state')).at(-1)?.state).toMatchObject({
      doorId: 'main',
      lock: 'unknown',
      contact: 'unknown',
      fault: 'reader_offline',
    });
  });

  it('take a cut contact line for unknown, not for closed', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    bench.readers.emit({ kind: 'inputs', readerId: 'main-in' as ReaderId, inputs: ['open', 'inactive'], occurredAtMs: SAMPLE_NOW_MS });
    expect((await bench.records('door_state')).at(-1)?.state).toMatchObject({ contact: 'unknown' });
  });

  it('tell whoever listens that the log refused a door event', async () => {
    const bench = await createDoorBench(permit);
    bench.online('main-in');
    bench.audit.breakDown();
    bench.contact('main-in', true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.unrecorded.map(({ type }) => type)).toEqual(expect.arrayContaining(['alarm', 'door_state']));
  });

  it('do not change for a door that does not exist', async () => {
    const bench = await createDoorBench(permit);
    expect(await bench.controller.release('nowhere' as DoorId, 'dec_1' as DecisionId)).toEqual({ ok: false, code: 'door.unknown' });
  });
});

describe('card queue', () => {
  it('holds CARD_READS_WAITING_MAX reads of one reader and drops the next, other readers untouched', async () => {
    const queue = createCardQueue();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let done = 0;
    const work = () => gate.then(() => void (done += 1));
    const taken = Array.from({ length: CARD_READS_WAITING_MAX + 1 }, () => queue.add('a', work));
    expect(taken).toEqual([...Array.from({ length: CARD_READS_WAITING_MAX }, () => true), false]);
    expect(queue.add('b', work)).toBe(true);
    release();
    await queue.settled();
    expect(done).toBe(CARD_READS_WAITING_MAX + 1);
    expect(queue.add('a', work)).toBe(true);
  });
});
