import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale } from '#admin-ui/build-if-stale.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console-browser.ts';
import { startConsoleFakeApi, type ConsoleFakeApi } from '#test/support/console-fake-api.ts';
import { decision } from '#test/support/console-fake-data.ts';

const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
const chiara = { id: 'usr_chi', displayName: 'Chiara Lindqvist', roles: ['security_admin'] };

let browser: Browser;
let api: ConsoleFakeApi;
let watched: WatchedPage;
let page: Page;

const text = (wanted: string | RegExp) => page.getByText(wanted).first().waitFor();
const button = (name: string | RegExp) => page.getByRole('button', { name });
const connected = () => page.getByRole('contentinfo', { name: 'System status' }).getByText('Live', { exact: true }).waitFor();
const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const open = (path: string) => page.goto(api.origin + path);

beforeAll(async () => {
  await buildIfStale();
  browser = await launchConsoleBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  api = await startConsoleFakeApi();
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, permissions: ['clipboard-read', 'clipboard-write'] });
  watched = await openWatchedPage(context);
  ({ page } = watched);
  page.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await page.context().close();
  await api.close();
  // Holds for every test of this file: no violation of the content security policy, no uncaught error.
  expect(watched.complaints).toEqual([]);
});

describe('signing in', () => {
  it('enrols a passkey, clears the token from the address bar, and signs in to the console with it', async () => {
    await addAuthenticator(page);
    await open(`/enrol#token=${'k'.repeat(32)}`);
    await heading('Welcome, Ada Okafor');
    expect(page.url()).toBe(`${api.origin}/enrol`);
    await button('Create passkey').click();
    await heading('Your passkey is ready');
    await page.getByRole('link', { name: 'Open the console' }).click();
    await button('Continue with passkey').click();
    await heading('Live');
  });

  it('says that an enrolment link is dead', async () => {
    api.state.enrolmentOpen = false;
    await open(`/enrol#token=${'k'.repeat(32)}`);
    await heading('This link does not work any more');
  });

  it('explains a cancelled passkey and offers the button again', async () => {
    await open('/console');
    await addAuthenticator(page);
    await button('Continue with passkey').click();
    await page.getByRole('alert').getByText('The passkey was not used').waitFor();
    expect(await button('Continue with passkey').isEnabled()).toBe(true);
  });

  it('shows a refused operator the decision to quote, and copies its number', async () => {
    const message = 'Your role does not allow this action.';
    api.state.errors.set('/api/session/options', { status: 403, code: 'operator.not_authorized', message, decisionId: 'dec_refused' });
    await open('/console');
    await button('Continue with passkey').click();
    await page.getByRole('alert').getByText(message).waitFor();
    await button('Copy').click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_refused');
  });

  it('leads on to the page that was asked for', async () => {
    await open('/console/people');
    await heading('Sign in to the console');
    api.state.operator = ada;
    await page.reload();
    await heading('People');
  });

  it('turns into the sign-in page when the session ends elsewhere', async () => {
    api.state.operator = ada;
    await open('/console');
    await connected();
    api.state.operator = null;
    api.dropStreams();
    await heading('Sign in to the console');
  });
});

describe('the page that apps redirect to', () => {
  it('sends the browser on after the passkey', async () => {
    await addAuthenticator(page);
    await open(`/enrol#${'k'.repeat(32)}`);
    await button('Create passkey').click();
    await heading('Your passkey is ready');
    await open('/signin/abc');
    await heading('Sign in to Server console');
    await button('Continue with passkey').click();
    await page.waitForURL('**/back-at-app');
  });

  it('shows why it is a no, what to do, and the decision to quote', async () => {
    const reasons = [
      { code: 'presence.required', message: 'This system is used only from inside its area.', remedy: 'Badge in at the area’s reader.' },
    ];
    api.state.interaction = { appName: 'Server console', prompt: 'denied', denied: { decisionId: 'dec_quote', reasons, atMs: Date.now() } };
    await open('/signin/abc');
    await text('This system is used only from inside its area.');
    await text('Badge in at the area’s reader.');
    await button('Copy').click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_quote');
    await button('Try again').click();
    await page.waitForURL('**/back-at-app');
    expect(api.requests).toContain('POST /api/interaction/abc/retry');
  });

  it('says that a sign-in has expired, and leads home when it never knew the app', async () => {
    api.state.interaction = null;
    await open('/signin/abc');
    await heading('This sign-in has expired');
    expect(await page.getByRole('link', { name: 'Home' }).getAttribute('href')).toBe('/');
  });

  it.each(['Try again', 'Continue with passkey'])('leads back to the app when the sign-in expires before “%s”', async (action) => {
    const isDenied = action === 'Try again';
    const reasons = [{ code: 'policy.no_permit', message: 'No rule permits this.', remedy: 'Contact the security desk.' }];
    const denied = isDenied ? { decisionId: 'dec_1', reasons, atMs: Date.now() } : null;
    api.state.interaction = { appName: 'Wiki', appUrl: `${api.origin}/back-at-app`, prompt: isDenied ? 'denied' : 'login', denied };
    await open('/signin/abc');
    await button(action).waitFor();
    api.state.interaction = null;
    api.state.errors.set('/api/interaction/abc/', { status: 404, code: 'resource.unknown', message: 'This sign-in has expired.' });
    await button(action).click();
    await heading('This sign-in has expired');
    await page.reload();
    expect(await page.getByRole('link', { name: 'Back to Wiki' }).getAttribute('href')).toBe(api.origin);
  });
});

describe('the console', () => {
  beforeEach(() => {
    api.state.operator = ada;
  });

  it('shows a decision in the feed the moment it is written', async () => {
    await open('/console');
    await text('Live');
    await page.getByRole('list', { name: 'Live log' }).waitFor();
    await connected();
    const startedAtMs = performance.now();
    api.push(decision('dec_new', { personId: 'usr_eli', effect: 'deny', reasons: ['grant.outside_schedule'], permits: [] }));
    await text('outside schedule');
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('shows a door state as the log says it, without asking again', async () => {
    await open('/console/doors');
    const row = page.getByRole('row', { name: /Server room/ });
    await row.getByText('Locked').waitFor();
    const status = api.state.doors.find(({ id }) => id === 'dor_server')?.status;
    if (status === undefined) throw new Error('the sample has the door');
    await connected();
    api.push({
      type: 'door_state',
      occurredAtMs: Date.now(),
      cause: 'contact',
      decisionId: null,
      state: { ...status, contact: 'open', forced: true },
    });
    await row.getByText('Forced open').waitFor();
  });

  it('says that the live connection is lost, marks the doors as not current, and resumes without a gap', async () => {
    await open('/console');
    await connected();
    api.state.streamsRefused = true;
    api.dropStreams();
    await text('Live connection lost, retrying');
    await text(/the doors are not known since \d\d:\d\d:\d\d/);
    const status = page.getByRole('contentinfo', { name: 'System status' });
    await status.getByText(/^Door node, policy and log not known since \d\d:\d\d:\d\d$/).waitFor();
    expect(await status.getByText('Door node online').count()).toBe(0);
    expect(await page.getByText('Locked', { exact: true }).count()).toBe(0);
    api.push(decision('dec_gap', { personId: 'usr_eli', effect: 'deny', reasons: ['door.locked_down'], permits: [] }));
    api.state.streamsRefused = false;
    await text('door locked down');
    await page.getByText('Live connection lost, retrying').waitFor({ state: 'detached' });
  });

  it('shows no state of a door while the live connection is down, only what was last heard as such', async () => {
    await open('/console/doors');
    await connected();
    api.state.streamsRefused = true;
    api.dropStreams();
    const row = page.getByRole('row', { name: /Server room/ });
    await row.getByText(/^Not known since \d\d:\d\d:\d\d$/).waitFor();
    await row.getByText('last heard: locked, closed').waitFor();
    await page.getByRole('link', { name: 'Server room' }).click();
    await text(/this door is not known since/);
    expect(await page.getByText(/^(Online|Closed|Locked|Secure|Last heard.*now.*)$/).count()).toBe(0);
  });

  it('adds what the door does to the row of the permit, and unfolds it', async () => {
    await open('/console');
    await connected();
    const door = api.state.doors.find(({ id }) => id === 'dor_office');
    if (door === undefined) throw new Error('the sample has the door');
    const permit = decision('dec_fold', { personId: 'usr_chi', resourceId: 'dor_office' });
    const moved = (afterMs: number, contact: 'open' | 'closed') =>
      api.push({
        type: 'door_state',
        occurredAtMs: permit.occurredAtMs + afterMs,
        cause: 'contact',
        decisionId: null,
        state: { ...door.status, lock: 'unlocked', contact },
      });
    api.push(permit);
    moved(1_200, 'open');
    const row = page.getByRole('listitem').filter({ hasText: 'Chiara Lindqvist' });
    await row.getByText('opened after 1.2 s', { exact: true }).waitFor();
    moved(4_000, 'closed');
    await row.getByText('opened after 1.2 s, closed after 4.0 s').waitFor();
    await row.getByRole('button', { name: 'What followed, entry by entry' }).click();
    expect(await row.getByRole('list', { name: 'What followed' }).getByRole('listitem').count()).toBe(2);
  });

  it('calls the operator of the host’s own console by name', async () => {
    const expiresAtMs = Date.now() + 900_000;
    api.state.reinstatement = { requestedBy: 'local', requestedById: 'local', reason: 'Cleared by HR', expiresAtMs };
    await open('/console/people/usr_dev');
    await text('The host’s owner has asked for reinstatement');
    await button('Confirm reinstatement').click();
    await page.getByRole('dialog').getByText('The host’s owner asked for it').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Live' }).click();
    await connected();
    api.push(decision('dec_host', { personId: 'local', action: 'console.read', resourceType: 'console', resourceId: 'console' }));
    await page.getByRole('listitem').getByText('The host’s owner').waitFor();
  });

  it('says the standing of a person once', async () => {
    await open('/console/people/usr_eli');
    await heading('Elias Fontaine');
    expect(await page.getByText('Restricted', { exact: true }).count()).toBe(1);
  });

  it('suspends a person by keyboard alone and shows each target’s acknowledgement', async () => {
    await open('/console/people');
    await text('Ben Aalto');
    await page.keyboard.press('/');
    await page.keyboard.type('ben');
    expect(page.url()).toContain('search=ben');
    await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading('Ben Aalto');
    await focusByTab('Suspend');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator('button:focus').innerText()).toBe('Suspend');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Badge reported stolen');
    await focusByTab('Suspend');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Contained: every target has confirmed').waitFor();
    expect(await page.getByRole('list', { name: 'Receipt' }).getByRole('listitem').allInnerTexts()).toHaveLength(3);
    await page.keyboard.press('Enter');
    await text('Every way in is closed, at doors and systems alike.');
  });

  it('does not suspend without a reason', async () => {
    await open('/console/people/usr_ben');
    await button('Suspend').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await text('Give a reason of 3 to 500 characters.');
    expect(api.requests.some((request) => request.endsWith('/suspend'))).toBe(false);
  });

  it('reinstates only with a second, different operator', async () => {
    await open('/console/people/usr_dev');
    await button('Reinstate').click();
    await page.keyboard.type('Cleared by HR');
    await button('Ask for reinstatement').click();
    await page.getByRole('heading', { name: 'Waiting for a second operator' }).waitFor();
    await button('Done').click();
    expect(await button('Waiting for a second operator').isDisabled()).toBe(true);
    api.state.operator = chiara;
    await page.reload();
    await text('Ada Okafor has asked for reinstatement');
    await button('Confirm reinstatement').click();
    await page.keyboard.type('Confirmed with HR');
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm reinstatement' }).click();
    await heading('Devika Raman is active again');
  });

  it('hides what the role does not allow', async () => {
    api.state.actions = ['console.read'];
    await open('/console/people/usr_ben');
    await heading('Ben Aalto');
    expect(await button('Suspend').count()).toBe(0);
    expect(await button('Enrolment link').count()).toBe(0);
  });

  it('explains a decision: reasons with remedy, what followed, and the input', async () => {
    await open('/console/decisions?effect=deny');
    await page.getByRole('list', { name: 'Decisions' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Permit' }).count()).toBe(0);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'not badged into the area' })
      .getByRole('link', { name: 'Open the decision' })
      .click();
    await text('Badge in at the area’s reader, then try again.');
    await text('presence.required');
    await text('minute_of_day');
  });

  it('shows loading, then an error that can be retried, then the list', async () => {
    api.state.delaysMs.set('/api/doors', 400);
    await open('/console/doors');
    await page.getByRole('status', { name: 'Loading' }).waitFor();
    await text('Main entrance');
    api.state.errors.set('/api/people', { status: 500, code: 'store.unavailable', message: 'The facts could not be read.' });
    await page.getByRole('link', { name: 'People' }).click();
    await text('The facts could not be read.');
    api.state.errors.clear();
    await button('Try again').click();
    await text('Ben Aalto');
  });

  it('shows empty lists as empty', async () => {
    api.state.people = [];
    api.state.doors = [];
    await open('/console/people');
    await text('Nobody is registered yet');
    await page.getByRole('link', { name: 'Doors' }).click();
    await text('No doors are configured');
  });

  it('explains a refusal with its decision', async () => {
    api.state.errors.set('/api/people', {
      status: 403,
      code: 'operator.not_authorized',
      message: 'Your role does not allow this action.',
      decisionId: 'dec_77',
    });
    await open('/console/people');
    await text('Your role does not allow this action.');
    await text('dec_77');
  });

  it('shows enrolment links and tokens once, and signs out', async () => {
    await open('/console/people/usr_ben');
    await button('Enrolment link').click();
    await button('Create the link').click();
    await text(/enrol#token=/);
    await button('Done').click();
    await button(/account and settings/).click();
    await page.getByRole('menuitem', { name: 'Command-line token' }).click();
    await button('Create a token').click();
    await text(/ghc_/);
    await button('Done').click();
    await button(/account and settings/).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in to the console');
  });
});

/** Moves the focus forward until it is on the button: what a person without a pointer does. */
async function focusByTab(name: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator('button:focus');
    if ((await focused.count()) === 1 && (await focused.innerText()).trim() === name) return;
  }
  throw new Error(`the focus never reaches ${name}`);
}
