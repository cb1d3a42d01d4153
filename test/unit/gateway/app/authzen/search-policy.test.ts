import { describe, expect, it } from 'vitest';
import { COMPARED_EVERY, createSearchPolicy, type AskAbout } from '#gateway/app/authzen/search-policy.ts';
import type { PersonParts } from '#gateway/app/authzen/question-input.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import type { TracingEngine } from '#gateway/ports/policy-engines.ts';
import { sampleInput } from '#test/support/sample-input.ts';

const { credential, authentication, presence } = sampleInput.context;
const parts: PersonParts = { subject: sampleInput.subject, credential, authentication, presence };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Answers {
  deciding: string;
  searching: string;
}

/** Two engines that say who they are, over a policy and data whose names can be changed. */
function makeSearch(answers: Answers = { deciding: 'same', searching: 'same' }) {
  const asked = { deciding: [] as string[], searching: [] as unknown[] };
  const force = { revision: 'p1', dataRevision: 'd1' };
  const differences: string[] = [];
  let isKept = true;
  const tracing = (revision: string): TracingEngine => {
    let dataRevision = 'none';
    return {
      revision,
      get dataRevision() {
        return dataRevision;
      },
      evaluate: () => null,
      evaluateInput: (input) => {
        asked.searching.push(input);
        return answers.searching;
      },
      trace: () => ({ answer: null, statements: [] }),
      explainDecision: () => ({ answer: null, rules: [], missing: [] }),
      // The data document of these tests is its own name.
      setData: (data) => void (dataRevision = data as unknown as string),
    };
  };
  const search = createSearchPolicy({
    policy: {
      get revision() {
        return force.revision;
      },
      get dataRevision() {
        return force.dataRevision;
      },
      evaluate: (inputJson) => {
        asked.deciding.push(new TextDecoder().decode(inputJson));
        return answers.deciding;
      },
    },
    engines: { trace: ({ manifest }) => tracing(manifest.revision) },
    ensurePlan: (revision) => Promise.resolve(isKept ? ({ manifest: { revision } } as CompiledBundle) : null),
    currentData: () => Promise.resolve(force.dataRevision as unknown as PolicyData),
    onDifference: (revision) => differences.push(revision),
  });
  return { search, asked, force, answers, differences, forget: () => void (isKept = false) };
}

async function standingReady(site: ReturnType<typeof makeSearch>): Promise<AskAbout> {
  await site.search.askSearching(sampleInput);
  await settled();
  return site.search.askSearching(sampleInput);
}

describe('the policy of searches', () => {
  it('asks the engine that decides until the second one stands ready', async () => {
    const { search, asked } = makeSearch();
    (await search.askSearching(sampleInput))(parts);
    expect(asked.deciding).toHaveLength(1);
    await settled();
    (await search.askSearching(sampleInput))(parts);
    expect(asked.searching).toEqual([sampleInput]);
  });

  it('gives the engine that decides the same input as text', async () => {
    const { search, asked } = makeSearch();
    search.askDeciding({ ...sampleInput, subject: { ...sampleInput.subject, id: 'nobody' } })(parts);
    expect(JSON.parse(asked.deciding[0] ?? '')).toEqual(sampleInput);
  });

  it(`compares the first of every ${String(COMPARED_EVERY)} answers`, async () => {
    const site = makeSearch();
    const ask = await standingReady(site);
    for (let turn = 0; turn < COMPARED_EVERY; turn += 1) ask(parts);
    expect(site.asked.deciding).toHaveLength(1);
    ask(parts);
    expect(site.asked.deciding).toHaveLength(2);
  });

  it('fails a search in which the engines differ, reports it once, and trusts the second one no more', async () => {
    const site = makeSearch({ deciding: 'deny', searching: 'permit' });
    const ask = await standingReady(site);
    expect(() => ask(parts)).toThrow(expect.objectContaining({ code: 'policy.evaluation_failed' }));
    expect(site.differences).toEqual(['p1']);
    const next = await standingReady(site);
    expect(next(parts)).toBe('deny');
    expect(site.differences).toEqual(['p1']);
  });

  it('asks the engine that decides from the moment another policy or other data is in force', async () => {
    const site = makeSearch();
    const ask = await standingReady(site);
    site.force.dataRevision = 'd2';
    ask(parts);
    expect([site.asked.deciding.length, site.asked.searching.length]).toEqual([1, 0]);
    site.force.revision = 'p2';
    ask(parts);
    expect([site.asked.deciding.length, site.asked.searching.length]).toEqual([2, 0]);
  });

  it('follows the data, and the next policy', async () => {
    const site = makeSearch();
    await standingReady(site);
    site.force.dataRevision = 'd2';
    (await site.search.askSearching(sampleInput))(parts);
    expect(site.asked.searching).toHaveLength(1);
    site.force.revision = 'p2';
    (await standingReady(site))(parts);
    expect(site.asked.searching).toHaveLength(2);
  });

  it('goes on without a second engine where there is no plan', async () => {
    const site = makeSearch();
    site.forget();
    (await standingReady(site))(parts);
    expect([site.asked.deciding.length, site.asked.searching.length]).toEqual([1, 0]);
  });
});
