import { describe, expect, it } from 'vitest';
import { readPeopleCsv } from '#gateway/platform/people-csv.ts';

const read = (text: string, rowsMax?: number) => readPeopleCsv(Buffer.from(text), 'hr.csv', rowsMax);
const problemsOf = (text: string) => read(text).rows.map(({ line, problems }) => [line, ...problems.map(({ path }) => path)]);

describe('readPeopleCsv', () => {
  it('reads quoted cells, lists, badges and dates', () => {
    const { columns, rows } = read(
      'id,name,email,groups,clearance,employment_end,accessibility,badges\n' +
        'usr_ann,"Example, ""Ann""",ann@corp.test,sales;night,3,2026-12-31,yes,H10301:7:1001|H10302:55\n',
    );
    expect([...columns]).toContain('badges');
    expect(rows).toMatchObject([
      {
        line: 2,
        problems: [],
        person: {
          id: 'usr_ann',
          displayName: 'Example, "Ann"',
          groups: ['sales', 'night'],
          clearance: 3,
          accessibility: true,
          employmentEndMs: Date.UTC(2027, 0, 1),
          badges: [
            { format: 'H10301', facility: 7, number: '1001' },
            { format: 'H10302', facility: null, number: '55' },
          ],
        },
      },
    ]);
  });

  it('reads what a German Excel writes: a byte order mark, semicolons, CRLF, an empty line', () => {
    const { rows } = read('\ufeffid;name;groups\r\nusr_ann;"Ann";a|b\r\n\r\nusr_bob;Björn;\r\n');
    expect(rows.map(({ line, person }) => [line, person?.displayName, person?.groups])).toEqual([
      [2, 'Ann', ['a', 'b']],
      [4, 'Björn', []],
    ]);
  });

  it.each([
    ['CRLF', 'id,name,groups\r\n,"A","x\r\ny"\r\n,B,\r\n'],
    ['a header of LF and rows of CRLF', 'id,name,groups\n,"A","x\r\ny"\r\n,B,\r\n'],
    ['a header of CRLF and rows of LF', 'id,name,groups\r\n,"A","x\ny"\n,B,\n'],
  ])('counts lines alike where they end with %s, and a row by its last one', (_ends, text) => {
    expect(read(text).rows.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('names line and field of everything that is wrong', () => {
    expect(problemsOf('id,name,email,clearance,badges\nUSR,Ann,nobody,9,H10301:7:1\nusr_b,,,,H10301:x\nusr_c,Cleo\n')).toEqual([
      [2, 'id', 'email', 'clearance'],
      [3, 'name', 'badges.0.number', 'badges.0.facility', 'badges.0.number'],
      [4, ''],
    ]);
  });

  it.each([
    ['an unknown column', 'id,name,shoe\n', /no column shoe/],
    ['no id', 'name\nAnn\n', /id and name are needed/],
    ['a column twice', 'id,name,id\n', /twice/],
    ['an open quote', 'id,name\nusr_a,"Ann\n', /quotes/],
    ['nothing', '', /empty/],
  ])('refuses a table with %s', (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses what is not UTF-8 and says how to save it', () => {
    expect(() => readPeopleCsv(Buffer.from('id,name\nusr_a,Bj\xf6rn\n', 'latin1'), 'hr.csv')).toThrow(/CSV UTF-8/);
    expect(() => readPeopleCsv(Buffer.from('\ufeffid,name\n', 'utf16le'), 'hr.csv')).toThrow(/CSV UTF-8/);
  });

  it('takes as many rows as allowed and not one more', () => {
    expect(read('id,name\nusr_a,A\nusr_b,B\n', 2).rows).toHaveLength(2);
    expect(() => read('id,name\nusr_a,A\nusr_b,B\nusr_c,C\n', 2)).toThrow(/more than 2 rows/);
  });
});
