import { expect, it } from 'vitest';
import { signInErrorCodeSchema } from '#gateway/http/contract/sign-in.ts';
import { codeReasonIn, problemIn, reasonIn } from '#admin-ui/src/shared/i18n/people-words.ts';
import { loadTables } from '#admin-ui/src/shared/i18n/tables.ts';

const english = await loadTables('en');
const german = await loadTables('de');
const spanish = await loadTables('es');
const reason = { code: 'grant.missing', message: 'You have no access to this.', remedy: 'Ask its owner.' };
const place = { areaName: 'Server room', siteName: 'Headquarters' };

it('shows a reason in the page’s language, and in English as the gateway said it', () => {
  expect(reasonIn(german, reason).message).toBe('Sie haben hierfür keine Berechtigung.');
  expect(reasonIn(english, reason)).toMatchObject(reason);
});

it('names where to badge in the page’s language', () => {
  const { remedy } = reasonIn(german, { ...reason, code: 'presence.required', place });
  expect(remedy).toBe('Halten Sie Ihren Ausweis an den Leser von „Server room“, Headquarters, und versuchen Sie es dann erneut.');
  expect(codeReasonIn(german, { code: 'presence.required', params: { area: 'Server room', site: 'Headquarters' } }).remedy).toBe(remedy);
});

it.each(['a.newer_one', 'toString', '__proto__'])('marks a reason that it has no text for as English: %s', (code) => {
  expect(reasonIn(german, { ...reason, code })).toEqual({ message: reason.message, remedy: reason.remedy, lang: 'en' });
});

it('shows the code of a reason that came without words and has none here', () => {
  expect(codeReasonIn(german, { code: 'a.newer_one', params: {} }).message).toBe('a.newer_one');
});

it.each([...signInErrorCodeSchema.options, 'request.conflict'])(
  'tells what helps with a step of the sign-in, each in its own words: %s',
  (code) => {
    const others = [...signInErrorCodeSchema.options, 'request.conflict'].filter((other) => other !== code);
    for (const tables of [german, spanish]) {
      const said = (one: string) => problemIn(tables, { status: 409, code: one, message: 'In English.' });
      expect(others.map(said)).not.toContain(said(code));
      expect(said(code)).not.toBe(said('new.code'));
      if (code !== 'request.conflict') expect(said(code)).not.toMatch(/Laden Sie|Vuelva a cargar/);
    }
  },
);

it.each([
  ['a refusal of the policy', { status: 403, code: 'grant.missing' }, /Berechtigung/],
  ['a failure', { status: 0, code: 'client.unreachable' }, 'Das Gateway ist nicht erreichbar.'],
  ['a passkey that failed in a way without a text', { status: 0, code: 'passkey.AbortError' }, /Passkey/],
  ['what has no text', { status: 418, code: 'new.code' }, /nicht geklappt/],
])('tells %s in the page’s language', (_name, problem, text) => {
  expect(problemIn(german, { ...problem, message: 'In English.' })).toMatch(text);
  expect(problemIn(english, { ...problem, message: 'In English.' })).toBe('In English.');
});
