import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exposedUntil,
  heldUntil,
  LEASES_APART_MAX,
  lendLease,
  nameLease,
  withdrawLease,
  type HeldLeases,
  type LentTo,
} from '#gateway/domain/face/held-leases.ts';
import { personId } from '#test/support/people.ts';

const PEOPLE = ['ann', 'ben', 'cid'].map((name) => personId(name));
const [ANN = personId('ann')] = PEOPLE;
const LIFE_MS = 100;
const lease = (turn: number, change: Partial<LentTo> = {}): LentTo => ({
  id: `lse_${String(turn)}`,
  turn,
  expiresAtMs: 1_000 + turn,
  people: new Set([ANN]),
  ...change,
});
const lent = (...leases: readonly LentTo[]): HeldLeases => leases.reduce(lendLease, heldUntil(0));

describe('what a terminal may hold', () => {
  it('is the older lease as well, until it has named the newer one', () => {
    const both = lent(lease(1), lease(2, { people: new Set() }));
    expect(exposedUntil(both, ANN)).toBe(1_001);
    expect(exposedUntil(nameLease(both, 'lse_1'), ANN)).toBe(1_001);
    expect(exposedUntil(nameLease(both, 'lse_2'), ANN)).toBe(0);
  });

  it('is the newer one as well, whatever older one it has named', () => {
    const both = nameLease(lent(lease(1, { people: new Set() }), lease(2)), 'lse_1');
    expect(exposedUntil(both, ANN)).toBe(1_002);
  });

  it('may have anybody in it after a restart, until it names a lease of this gateway', () => {
    const before = lendLease(heldUntil(500), lease(1, { people: new Set() }));
    expect(exposedUntil(nameLease(before, 'lse_of_another_run'), ANN)).toBe(500);
    expect(exposedUntil(nameLease(before, 'lse_1'), ANN)).toBe(0);
  });

  it('does not come back with a name that is told late, or with a lease that was asked for before', () => {
    const named = nameLease(lent(lease(1), lease(3, { people: new Set() })), 'lse_3');
    expect(nameLease(named, 'lse_1')).toEqual(named);
    expect(lendLease(named, lease(2))).toEqual(named);
  });

  it('is nothing of a lease of which the answer never left', () => {
    expect(exposedUntil(withdrawLease(lent(lease(1)), 'lse_1'), ANN)).toBe(0);
  });

  it('is told apart up to a number of leases; beyond, anybody may be in the oldest', () => {
    const turns = Array.from({ length: LEASES_APART_MAX + 1 }, (_none, index) => index + 1);
    const full = lent(...turns.slice(0, -1).map((turn) => lease(turn, { people: new Set() })));
    expect([full.lent.length, exposedUntil(full, ANN)]).toEqual([LEASES_APART_MAX, 0]);
    const over = lent(...turns.map((turn) => lease(turn, { people: new Set() })));
    expect([over.lent.length, exposedUntil(over, ANN)]).toEqual([LEASES_APART_MAX, 1_001]);
    expect(exposedUntil(nameLease(over, 'lse_2'), ANN)).toBe(0);
  });
});

/** Mostly the last one, sometimes any. */
const latest = <Item>(items: readonly Item[], pick: number): Item | undefined =>
  pick % 3 === 0 ? items[pick % items.length] : items.at(-1);

/** A terminal, a gateway and what is under way between them: answers are lost, requests come late and twice, and both ends are switched off. */
class World {
  nowMs = 0;
  held: HeldLeases = heldUntil(0);
  #storedUntilMs = 0;
  #turn = 0;
  #leases = 0;
  #asked = 0;
  /** The question that the terminal waits for: one at a time. */
  #waiting: number | null = null;
  #memory: LentTo | null = null;
  #disk: LentTo | null = null;
  #requests: number[] = [];
  #making: { readonly request: number; readonly turn: number }[] = [];
  #answers: { readonly request: number; readonly lease: LentTo }[] = [];
  #names: string[] = [];

  /** What the terminal may go by from here on, whatever becomes of it. */
  possible(): readonly LentTo[] {
    const coming = this.#answers.flatMap((answer) => (answer.request === this.#waiting ? [answer.lease] : []));
    return [this.#memory, this.#disk, ...coming].filter((one) => one !== null).filter(({ expiresAtMs }) => expiresAtMs > this.nowMs);
  }

  readonly steps = {
    ask: () => {
      if (this.#waiting !== null || this.#memory !== this.#disk) return;
      this.#waiting = this.#asked += 1;
      this.#requests.push(this.#waiting);
    },
    giveUp: () => void (this.#waiting = null),
    /** Stays under way: it may come again. */
    arrive: (pick: number) => {
      const request = latest(this.#requests, pick);
      if (request !== undefined) this.#making.push({ request, turn: (this.#turn += 1) });
    },
    make: (pick: number, people: readonly (typeof ANN)[]) => {
      const [made] = this.#making.splice(pick % Math.max(1, this.#making.length), 1);
      if (made === undefined) return;
      const id = `lse_${String((this.#leases += 1))}`;
      const next = { id, turn: made.turn, expiresAtMs: this.nowMs + LIFE_MS, people: new Set(people) };
      this.#storedUntilMs = Math.max(this.#storedUntilMs, next.expiresAtMs);
      this.held = lendLease(this.held, next);
      this.#answers.push({ request: made.request, lease: next });
    },
    answer: (pick: number) => {
      const answer = latest(this.#answers, pick);
      if (answer === undefined || answer.request !== this.#waiting) return;
      this.#waiting = null;
      this.#memory = answer.lease;
    },
    write: () => void (this.#disk = this.#memory),
    /** What is on the disk, also while another one is being written. */
    name: () => void (this.#disk !== null && this.#names.push(this.#disk.id)),
    /** Stays under way: it may come late, and again. */
    named: (pick: number) => {
      const name = latest(this.#names, pick);
      if (name !== undefined) this.held = nameLease(this.held, name);
    },
    switchOff: () => {
      this.#waiting = null;
      this.#memory = this.#disk;
    },
    restart: () => {
      this.held = heldUntil(this.#storedUntilMs);
      this.#making = [];
      this.#turn = 0;
    },
    /** One question over and over: the gateway cannot tell all the answers apart. */
    flood: (pick: number, people: readonly (typeof ANN)[]) => {
      for (let times = 0; times < LEASES_APART_MAX; times += 1) {
        this.steps.arrive(pick);
        this.steps.make(0, people);
      }
    },
    pass: (pick: number) => void (this.nowMs += pick % LIFE_MS),
    /** So far nothing is lost: the terminal goes by it, and nobody knows yet. */
    lend: (_pick: number, people: readonly (typeof ANN)[]) => {
      this.steps.ask();
      this.steps.arrive(1);
      this.steps.make(0, people);
      this.steps.answer(1);
      this.steps.write();
    },
  };

  /** Nothing is lost for once. */
  settle(people: readonly (typeof ANN)[]): void {
    this.steps.write();
    this.steps.giveUp();
    this.#requests = [];
    this.#making = [];
    this.#answers = [];
    this.#names = [];
    this.steps.lend(0, people);
    this.steps.name();
    this.steps.named(0);
  }
}

const somebody = fc.subarray([...PEOPLE]);
const step = fc.record({
  // What gets a lease anywhere comes more often than what breaks it.
  name: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom<keyof World['steps']>('ask', 'arrive', 'make', 'answer', 'write', 'name', 'named', 'lend') },
    { weight: 2, arbitrary: fc.constantFrom<keyof World['steps']>('giveUp', 'switchOff', 'flood', 'pass') },
    { weight: 1, arbitrary: fc.constant<keyof World['steps']>('restart') },
  ),
  pick: fc.nat(1_000),
  people: somebody,
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function play(world: World, { name, people, pick }: Step): void {
  world.steps[name](pick, people);
}

describe('whatever is lost, late, told twice or switched off', () => {
  it('nobody whom a terminal may let in is taken for one whom none can', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const world = new World();
        for (const next of steps) {
          play(world, next);
          expect(world.held.lent.length).toBeLessThanOrEqual(LEASES_APART_MAX);
          for (const { expiresAtMs, people } of world.possible())
            for (const person of people) expect(exposedUntil(world.held, person)).toBeGreaterThanOrEqual(expiresAtMs);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is forgotten once a lease has gone all its way: then only whoever is in that one counts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), somebody, (steps, people) => {
        const world = new World();
        for (const next of steps) play(world, next);
        world.settle(people);
        for (const person of PEOPLE) expect(exposedUntil(world.held, person)).toBe(people.includes(person) ? world.nowMs + LIFE_MS : 0);
      }),
      { numRuns: 500 },
    );
  });
});
