import { describe, expect, it } from 'vitest';
import { CARD_READ_AGE_MS_MAX } from '#gateway/app/doors/badge-read.ts';
import { WAIT_SHOWN_AFTER_MS } from '#gateway/app/doors/reader-signs.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { PIN_LOCK_STEPS_MS, PIN_WRONG_MAX } from '#gateway/domain/people/pin.ts';
import { encodeCard } from '#gateway/domain/people/card-format.ts';
import type { CredentialId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { samplePerson } from '#test/support/sample-input.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';

const ASK = { id: 'pin', within_s: 10 };
const digits = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** What policies/access/pin.rego says of a door that always needs a PIN. */
function pinPolicy({ context: { credential } }: DecisionInput): unknown {
  const { enrolled, asked, presented, ok, attempts_left: left } = credential.pin;
  if (!enrolled) return denyAnswer('pin.missing');
  const locked = left === 0 ? ['pin.locked'] : [];
  if (!asked) return left === 0 ? denyAnswer('pin.locked') : permitAnswer('door.granted', [ASK]);
  if (!presented) return denyAnswer('pin.missing');
  return ok && left > 0 ? permitAnswer('door.granted') : denyAnswer(...(ok ? [] : ['pin.invalid']), ...locked);
}

async function pinBench(answer: (input: DecisionInput) => unknown = pinPolicy) {
  const bench = await createDoorBench(answer);
  const salt = Uint8Array.of(1, 2, 3);
  const { cost } = bench.hasher;
  await bench.stores.credentials.savePin({
    id: 'pin_1' as CredentialId,
    personId: samplePerson.id,
    salt,
    cost,
    hash: await bench.hasher.hash(digits('5806'), salt, cost),
    duressHash: await bench.hasher.hash(digits('6194'), salt, cost),
    status: 'active',
    changedAtMs: 1,
  });
  bench.online('main-in');
  const shown = () => bench.readers.indications.map(({ indication }) => indication);
  const enter = async (pin: string) => {
    await bench.badge('main-in');
    await bench.keys('main-in', `${pin}#`);
  };
  const reasons = async () => (await bench.records('decision')).map((record) => record.reasons);
  return { ...bench, shown, enter, reasons };
}

describe('a door that needs a PIN', () => {
  it('asks for it at the badge and opens when it comes, as one flow in the log', async () => {
    const bench = await pinBench();
    await bench.badge('main-in');
    expect(bench.readers.pulses).toEqual([]);
    expect(bench.shown()).toEqual(['pin_wanted']);
    for (const key of '5806#') await bench.keys('main-in', key);
    expect(bench.readers.pulses).toHaveLength(1);
    expect(bench.shown()).toEqual(['pin_wanted', 'granted']);
    const [first, second] = await bench.records('decision');
    expect(first?.obligations).toEqual([ASK]);
    expect(second?.input?.context.request.correlation).toBe(first?.decisionId);
    expect(second?.input?.context.credential.pin).toMatchObject({ asked: true, presented: true, ok: true, duress: false });
    expect(await bench.records('alarm')).toEqual([]);
  });

  it('never writes the digits into a record', async () => {
    const bench = await pinBench();
    await bench.enter('5806');
    await bench.enter('9999');
    const log = JSON.stringify(await bench.audit.read({ from: { afterSeq: 0 }, limit: 1_000 }));
    expect(log).not.toMatch(/5806|9999#|"9999"|keys/);
  });

  it('denies a wrong PIN like everything else', async () => {
    const bench = await pinBench();
    await bench.enter('5807');
    expect(bench.readers.pulses).toEqual([]);
    expect(bench.shown()).toEqual(['pin_wanted', 'denied']);
    expect((await bench.reasons())[1]).toEqual(['pin.invalid']);
  });

  it.each(['', '58', '58061', '580612345'])('takes "%s" for no PIN', async (entry) => {
    const bench = await pinBench();
    await bench.enter(entry);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('denies when the PIN does not come in time, and takes it until then', async () => {
    const bench = await pinBench();
    await bench.badge('main-in');
    bench.advance(9_999);
    bench.controller.tick();
    await bench.keys('main-in', '58');
    bench.advance(1);
    await bench.keys('main-in', '06#');
    bench.controller.tick();
    await bench.controller.settled();
    expect(bench.readers.pulses).toEqual([]);
    expect((await bench.reasons())[1]).toEqual(['pin.missing']);
    expect(bench.shown()).toEqual(['pin_wanted', 'denied']);
  });

  it('denies an entry that waited too long to be looked at, and takes one exactly at the limit', async () => {
    for (const [waitedMs, pulses] of [
      [CARD_READ_AGE_MS_MAX, 1],
      [CARD_READ_AGE_MS_MAX + 1, 0],
    ] as const) {
      const bench = await pinBench();
      await bench.badge('main-in');
      const entered = bench.keys('main-in', '5806#');
      bench.advance(waitedMs);
      await entered;
      expect(bench.readers.pulses).toHaveLength(pulses);
    }
  });

  it('starts over with a new card: digits of one never meet the badge of another', async () => {
    const bench = await pinBench();
    await bench.badge('main-in');
    await bench.keys('main-in', '58');
    await bench.badge('main-in');
    await bench.keys('main-in', '06#');
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.records('outcome')).toMatchObject([{ outcome: 'withheld', detail: 'pin.abandoned' }]);
    const stranger = encodeCard({ format: 'H10301', facility: 1, number: '9' }) ?? expect.fail();
    await bench.badge('main-in');
    await bench.badge('main-in', stranger);
    await bench.keys('main-in', '5806#');
    expect(bench.readers.pulses).toEqual([]);
  });

  it('opens as well on the duress PIN, shows exactly the same, and tells the log alone', async () => {
    const [plain, duress] = [await pinBench(), await pinBench()];
    await plain.enter('5806');
    await duress.enter('6194');
    expect(duress.readers.indications).toEqual(plain.readers.indications);
    expect(duress.readers.pulses).toEqual(plain.readers.pulses);
    const [, decision] = await duress.records('decision');
    expect(await duress.records('alarm')).toMatchObject([
      { code: 'duress', sourceType: 'door', active: true, personId: samplePerson.id, decisionId: decision?.decisionId },
    ]);
    expect(await plain.records('alarm')).toEqual([]);
  });

  it('raises the silent alarm also where the policy denies', async () => {
    const bench = await pinBench((input) => (input.context.credential.pin.asked ? denyAnswer('door.locked_down') : pinPolicy(input)));
    await bench.enter('6194');
    expect(await bench.records('alarm')).toMatchObject([{ code: 'duress' }]);
    expect(bench.shown().at(-1)).toBe('denied');
  });

  it('locks after wrong PINs, takes not even the right one, and ends the lock by itself', async () => {
    const bench = await pinBench();
    for (let attempt = 0; attempt < PIN_WRONG_MAX; attempt += 1) await bench.enter('7301');
    expect((await bench.reasons()).at(-1)).toEqual(['pin.invalid', 'pin.locked']);
    await bench.enter('5806');
    expect((await bench.reasons()).at(-1)).toEqual(['pin.locked']);
    expect(bench.shown().slice(-1)).toEqual(['denied']);
    bench.advance(PIN_LOCK_STEPS_MS[0]);
    await bench.enter('5806');
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('locks nobody in: the way out asks for nothing and takes no keys', async () => {
    const bench = await pinBench();
    bench.online('servers-door-in', 'servers-door-out');
    for (let attempt = 0; attempt < PIN_WRONG_MAX; attempt += 1) await bench.enter('7301');
    await bench.badge('servers-door-out');
    expect(bench.readers.pulses).toHaveLength(1);
    await bench.keys('servers-door-out', '5806#');
    expect(await bench.records('egress')).toHaveLength(1);
  });

  it('counts an attempt before it compares it, and denies when it cannot compare', async () => {
    const bench = await pinBench();
    const pin = (await bench.stores.credentials.pinOf(samplePerson.id)) ?? expect.fail();
    await bench.stores.credentials.savePin({ ...pin, cost: { n: 3, r: 1, p: 1 } });
    await bench.enter('5806');
    expect(bench.readers.pulses).toEqual([]);
    expect((await bench.reasons())[1]).toEqual(['store.unavailable']);
    expect((await bench.stores.credentials.pinAttemptsOf(samplePerson.id))[0]?.wrongAtMs).toHaveLength(1);
  });

  it('asks nobody whose PIN is not in use', async () => {
    const bench = await pinBench();
    await bench.stores.credentials.setStatus('pin_1' as CredentialId, 'suspended');
    await bench.badge('main-in');
    expect(await bench.reasons()).toEqual([['pin.missing']]);
  });

  it('denies a second question for a PIN', async () => {
    const bench = await pinBench(() => permitAnswer('door.granted', [ASK]));
    await bench.enter('5806');
    expect(bench.readers.pulses).toEqual([]);
    expect((await bench.reasons())[1]).toEqual(['obligation.unsupported']);
  });

  it('drops keys that nobody asked for', async () => {
    const bench = await pinBench();
    await bench.keys('main-in', '5806#');
    await bench.badge('main-in');
    expect(await bench.records('decision')).toHaveLength(1);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('is not moved by a flood of keys: one badge is one entry', async () => {
    const bench = await pinBench();
    await bench.badge('main-in');
    for (let burst = 0; burst < 50; burst += 1) await bench.keys('main-in', '7301#7301#7301#');
    expect(await bench.records('decision')).toHaveLength(2);
    expect((await bench.stores.credentials.pinAttemptsOf(samplePerson.id))[0]?.wrongAtMs).toHaveLength(1);
  });
});

describe('a reader', () => {
  it('shows that a decision takes longer, exactly when it does', async () => {
    const bench = await pinBench();
    const slow = Promise.withResolvers<number>();
    bench.stores.people.epoch = () => slow.promise;
    const read = bench.badge('main-in');
    await new Promise((resolve) => setImmediate(resolve));
    bench.advance(WAIT_SHOWN_AFTER_MS - 1);
    bench.controller.tick();
    expect(bench.shown()).toEqual([]);
    bench.advance(1);
    bench.controller.tick();
    bench.controller.tick();
    expect(bench.shown()).toEqual(['wait']);
    slow.resolve(0);
    await read;
    expect(bench.shown()).toEqual(['wait', 'pin_wanted']);
  });

  it('shows that its door stands open for too long, also after it was away, until the door is shut', async () => {
    const bench = await pinBench(() => permitAnswer('door.granted'));
    const strike = 'servers-door-in';
    bench.online(strike, 'servers-door-out');
    await bench.badge(strike);
    bench.contact(strike, true);
    bench.advance(31_000);
    bench.controller.tick();
    for (const readerId of [strike, 'servers-door-out']) {
      expect(bench.readers.indications).toContainEqual({ readerId, indication: 'held_open' });
    }
    bench.readers.indications.length = 0;
    bench.readers.emit({ kind: 'offline', readerId: 'servers-door-out' as ReaderId, cause: 'timeout', occurredAtMs: 0 });
    bench.online('servers-door-out');
    expect(bench.readers.indications).toContainEqual({ readerId: 'servers-door-out', indication: 'held_open' });
    bench.contact(strike, false);
    expect(bench.readers.indications).toContainEqual({ readerId: strike, indication: 'idle' });
  });
});
