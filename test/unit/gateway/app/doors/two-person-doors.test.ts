import { describe, expect, it } from 'vitest';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { encodeCard, parseCard, toBadgeKey } from '#gateway/domain/people/card-format.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { createDoorBench } from '#test/support/bench/door-bench.ts';
import { sampleBadge, samplePerson } from '#test/support/sample-input.ts';
import { denyAnswer, permitAnswer } from '#test/support/policy/stub-policy.ts';

const ASK = { id: 'second_person', within_s: 20 };

/** What policies/library/two_person.rego says, at a door where Eve may not enter. */
function twoPersonPolicy({ subject, context: { companion } }: DecisionInput): unknown {
  if (subject.id === 'usr_eve') return denyAnswer('grant.missing');
  const isAccompanied = companion.known && companion.id !== subject.id && companion.age_s <= 20;
  return permitAnswer('door.granted', isAccompanied ? [] : [ASK]);
}

async function twoPersonBench() {
  const bench = await createDoorBench(twoPersonPolicy);
  const add = async (id: string, number: string) => {
    const card = encodeCard({ format: 'H10301', facility: 12, number });
    const [read] = card === null ? [] : parseCard(card.bits, card.bitCount);
    if (card === null || read === undefined) throw new TypeError('the card fits its format');
    await bench.stores.people.save({ ...samplePerson, id: id as PersonId, email: `${id}@demo.example` });
    const badgeKey = toBadgeKey(read);
    await bench.stores.credentials.saveBadge({ ...sampleBadge, id: `crd_${id}` as CredentialId, personId: id as PersonId, badgeKey });
    return card;
  };
  const [bob, eve] = [await add('usr_bob', '3457'), await add('usr_eve', '3458')];
  bench.online('main-in');
  const outcomes = async () => (await bench.records('outcome')).map(({ outcome, detail }) => `${outcome} ${detail.split(' ')[0] ?? ''}`);
  const pass = (ms: number) => {
    bench.advance(ms);
    bench.controller.tick();
  };
  return { ...bench, bob, eve, outcomes, pass };
}

describe('a door for two persons', () => {
  it('stays shut at the first badge and opens at the second', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    expect(bench.readers.pulses).toEqual([]);
    expect(bench.readers.indications.map(({ indication }) => indication)).toEqual(['wait']);
    bench.pass(19_999);
    await bench.badge('main-in', bench.bob);
    expect(bench.readers.pulses).toHaveLength(1);
    const [first, second] = await bench.records('decision');
    expect(second?.input?.context.companion).toEqual({ known: true, id: first?.personId, age_s: 19 });
    expect(await bench.outcomes()).toContain('unlocked second_person');
  });

  it('stays shut when nobody comes in time, and says so', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    bench.pass(20_000);
    await bench.badge('main-in', bench.bob);
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.outcomes()).toEqual(['withheld second_person.missing']);
    expect(bench.readers.indications.map(({ indication }) => indication)).toEqual(['wait', 'denied', 'wait']);
  });

  it('takes nobody for the second person to themselves', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    await bench.badge('main-in');
    expect(bench.readers.pulses).toEqual([]);
    expect(await bench.outcomes()).toEqual(['withheld second_person.abandoned']);
  });

  it('does not open for somebody who may not enter, and goes on waiting', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    await bench.badge('main-in', bench.eve);
    expect(bench.readers.pulses).toEqual([]);
    await bench.badge('main-in', bench.bob);
    expect(bench.readers.pulses).toHaveLength(1);
  });

  it('does not count whoever was suspended while they waited', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    await bench.stores.people.changeStanding({ personId: samplePerson.id, to: 'suspended', nowMs: 1 });
    await bench.badge('main-in', bench.bob);
    expect(bench.readers.pulses).toEqual([]);
  });

  it('opens once for two: a third person waits again', async () => {
    const bench = await twoPersonBench();
    await bench.badge('main-in');
    await bench.badge('main-in', bench.bob);
    await bench.badge('main-in');
    expect(bench.readers.pulses).toHaveLength(1);
  });
});
