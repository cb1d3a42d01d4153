import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataRevisionOf, joinData, splitData } from '#gateway/domain/policy/data-parts.ts';
import { diffRevisions } from '#gateway/domain/policy/diff-revisions.ts';
import { MASKED, MASKED_PATHS, maskInput } from '#gateway/domain/policy/mask-input.ts';
import { REVISION_BYTES_MAX, REVISION_FILE_BYTES_MAX, REVISION_FILES_MAX, revisionContentSchema } from '#gateway/domain/policy/revision.ts';
import { metadataAt } from '#gateway/domain/policy/rule-metadata.ts';
import { sampleInput } from '#test/support/sample-input.ts';

describe('the content of a revision', () => {
  const file = (path: string, bytes = 1) => ({ path, text: 'x'.repeat(bytes) });
  const many = (count: number) => Array.from({ length: count }, (_, index) => file(`access/f${index}.rego`));
  const fits = (files: readonly { path: string; text: string }[]) => revisionContentSchema.safeParse({ files, tests: [] }).success;

  it('has as many files and bytes as it may, and not one more', () => {
    expect([fits(many(REVISION_FILES_MAX)), fits(many(REVISION_FILES_MAX + 1)), fits([])]).toEqual([true, false, false]);
    expect([fits([file('a.rego', REVISION_FILE_BYTES_MAX)]), fits([file('a.rego', REVISION_FILE_BYTES_MAX + 1)])]).toEqual([true, false]);
    const full = Array.from({ length: REVISION_BYTES_MAX / REVISION_FILE_BYTES_MAX }, (_, index) =>
      file(`f${index}.rego`, REVISION_FILE_BYTES_MAX),
    );
    expect([fits(full), fits([...full, file('one.rego')])]).toEqual([true, false]);
  });

  it.each(['../a.rego', '/a.rego', 'a//b.rego', 'a.txt', '.git/a.rego', 'a.rego/', ''])('has no file %s', (path) => {
    expect(fits([file(path)])).toBe(false);
  });
});

it('puts every data document together again from its parts', () => {
  const section = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 150, noNullPrototype: true });
  fc.assert(
    fc.property(fc.record({ grants: section, profiles: section }), (gatehouse) => {
      // As JSON has it: no minus zero.
      const data = JSON.parse(JSON.stringify({ gatehouse })) as { gatehouse: typeof gatehouse };
      expect(dataRevisionOf(joinData(splitData(data)))).toBe(dataRevisionOf(data));
    }),
    { numRuns: 50 },
  );
});

it('shares all parts but one between two documents of which one grant differs', () => {
  const data = (last: string) => {
    const grants: Record<string, readonly string[]> = { q: [last] };
    for (let index = 0; index < 500; index += 1) grants[`p${index}`] = [];
    return { gatehouse: { grants } };
  };
  const before = new Set(splitData(data('a')).map(({ hash }) => hash));
  expect(splitData(data('b')).filter(({ hash }) => !before.has(hash))).toHaveLength(1);
});

it('masks what the schema marks and says so, and leaves what says nothing', () => {
  const { input, masked } = maskInput(sampleInput);
  expect(MASKED_PATHS).toEqual(['context.credential.id', 'context.network.ip']);
  expect(masked).toEqual(['context.credential.id']);
  expect(input).toMatchObject({
    context: { credential: { id: MASKED, kind: 'badge' }, network: { ip: '' } },
    subject: sampleInput.subject,
  });
});

it('reads the title and description that stand above a rule', () => {
  const lines = ['# METADATA', '# title: Doors', '# description: |', '#   One', '#   two.', 'a if b', '', 'c if d'];
  expect(metadataAt(lines, 6)).toEqual({ title: 'Doors', description: 'One two.' });
  expect(metadataAt(lines, 8)).toEqual({ title: 'Doors', description: 'One two.' });
  expect(metadataAt(['a if b'], 1)).toEqual({ title: '', description: '' });
});

describe('the difference of two revisions', () => {
  const content = (text: string) => ({ files: [{ path: 'a.rego', text }], tests: [] });

  it('gives back the one from the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffRevisions(content(before), content(after)).flatMap((file) => file.lines);
        const left = before.split('\n');
        const right = after.split('\n');
        for (const { kind, text: line, before: old, after: next } of lines) {
          if (kind !== 'added') expect(left[(old ?? 0) - 1]).toBe(line);
          if (kind !== 'removed') expect(right[(next ?? 0) - 1]).toBe(line);
        }
        const changed = lines.filter(({ kind }) => kind !== 'same').length;
        if (before.trimEnd() !== after.trimEnd()) expect(changed).toBeGreaterThan(0);
      }),
    );
  });

  it('names files that came and went', () => {
    const after = { files: [{ path: 'b.rego', text: 'x\n' }], tests: [] };
    expect(diffRevisions(content('y\n'), after).map(({ path, change }) => [path, change])).toEqual([
      ['a.rego', 'removed'],
      ['b.rego', 'added'],
    ]);
  });
});
