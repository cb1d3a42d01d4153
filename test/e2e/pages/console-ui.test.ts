import { beforeEach, describe, expect, it } from 'vitest';
import { addAuthenticator } from '#test/support/console-browser.ts';
import { decision } from '#test/support/console-fake-data.ts';
import { useFakeConsole } from '#test/support/fake-console.ts';

const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
const chiara = { id: 'usr_chi', displayName: 'Chiara Lindqvist', roles: ['security_admin'] };

const ui = useFakeConsole();

describe('signing in', () => {
  it('enrols a passkey, clears the token from the address bar, and signs in to the console with it', async () => {
    await addAuthenticator(ui.page);
    await ui.open(`/enrol#token=${'k'.repeat(32)}`);
    await ui.heading('Welcome, Ada Okafor');
    expect(ui.page.url()).toBe(`${ui.api.origin}/enrol`);
    await ui.button('Create passkey').click();
    await ui.heading('Your passkey is ready');
    await ui.page.getByRole('link', { name: 'Open the console' }).click();
    await ui.button('Continue with passkey').click();
    await ui.heading('Live');
  });

  it('says that an enrolment link is dead', async () => {
    ui.api.state.enrolmentOpen = false;
    await ui.open(`/enrol#token=${'k'.repeat(32)}`);
    await ui.heading('This link does not work any more');
  });

  it('explains a cancelled passkey and offers the button again', async () => {
    await ui.open('/console');
    await addAuthenticator(ui.page);
    await ui.button('Continue with passkey').click();
    await ui.page.getByRole('alert').getByText('The passkey was not used').waitFor();
    expect(await ui.button('Continue with passkey').isEnabled()).toBe(true);
  });

  it('shows a refused operator the decision to quote, and copies its number', async () => {
    const message = 'Your role does not allow this action.';
    ui.api.state.errors.set('/api/session/options', { status: 403, code: 'operator.not_authorized', message, decisionId: 'dec_refused' });
    await ui.open('/console');
    await ui.button('Continue with passkey').click();
    await ui.page.getByRole('alert').getByText(message).waitFor();
    await ui.button('Copy').click();
    expect(await ui.page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_refused');
  });

  it('leads on to the page that was asked for', async () => {
    await ui.open('/console/people');
    await ui.heading('Sign in to the console');
    ui.api.state.operator = ada;
    await ui.page.reload();
    await ui.heading('People');
  });

  it('turns into the sign-in page when the session ends elsewhere', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console');
    await ui.connected();
    ui.api.state.operator = null;
    ui.api.dropStreams();
    await ui.heading('Sign in to the console');
  });
});

describe('the page that apps redirect to', () => {
  it('sends the browser on after the passkey', async () => {
    await addAuthenticator(ui.page);
    await ui.open(`/enrol#${'k'.repeat(32)}`);
    await ui.button('Create passkey').click();
    await ui.heading('Your passkey is ready');
    await ui.open('/signin/abc');
    await ui.heading('Sign in to Server console');
    await ui.button('Continue with passkey').click();
    await ui.page.waitForURL('**/back-at-app');
  });

  it('offers a provider outside beside the passkey, says why the last way there led to nothing, and goes there', async () => {
    const outside = { upstreams: [{ id: 'corp', name: 'Example Corp' }], passkey: true, signedInAt: null };
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null, outside };
    await ui.open('/signin/abc?problem=account.email_unverified');
    await ui.text('Your organisation has not verified your e-mail address.');
    await ui.button('Continue with passkey').waitFor();
    await ui.button('Continue with Example Corp').click();
    await ui.page.waitForURL('**/back-at-app');
    expect(ui.api.requests).toContain('POST /api/interaction/abc/upstream');
  });

  it('asks for the provider first where it comes before the passkey, and shows no text that the address brings', async () => {
    const first = { upstreams: [{ id: 'corp', name: 'Example Corp' }], passkey: false, signedInAt: null };
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null, outside: first };
    await ui.open('/signin/abc?problem=%3Cb%3Eowned');
    await ui.button('Continue with Example Corp').waitFor();
    expect(await ui.page.getByRole('button', { name: 'Continue with passkey' }).count()).toBe(0);
    expect(await ui.page.getByRole('alert').count()).toBe(0);
    ui.api.state.interaction = {
      appName: 'Wiki',
      prompt: 'login',
      denied: null,
      outside: { upstreams: [], passkey: true, signedInAt: 'Example Corp' },
    };
    await ui.page.reload();
    await ui.text('You have signed in at Example Corp. Now use your passkey.');
    await ui.button('Continue with passkey').waitFor();
  });

  it('shows why it is a no, what to do, and the decision to quote', async () => {
    const reasons = [
      { code: 'presence.required', message: 'This system is used only from inside its area.', remedy: 'Badge in at the area’s reader.' },
    ];
    ui.api.state.interaction = {
      appName: 'Server console',
      prompt: 'denied',
      denied: { decisionId: 'dec_quote', reasons, atMs: Date.now() },
    };
    await ui.open('/signin/abc');
    await ui.text('This system is used only from inside its area.');
    await ui.text('Badge in at the area’s reader.');
    await ui.button('Copy').click();
    expect(await ui.page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_quote');
    await ui.button('Try again').click();
    await ui.page.waitForURL('**/back-at-app');
    expect(ui.api.requests).toContain('POST /api/interaction/abc/retry');
  });

  it('says that a sign-in has expired, and leads home when it never knew the app', async () => {
    ui.api.state.interaction = null;
    await ui.open('/signin/abc');
    await ui.heading('This sign-in has expired');
    expect(await ui.page.getByRole('link', { name: 'Home' }).getAttribute('href')).toBe('/');
  });

  it.each(['Try again', 'Continue with passkey'])('leads back to the app when the sign-in expires before “%s”', async (action) => {
    const isDenied = action === 'Try again';
    const reasons = [{ code: 'policy.no_permit', message: 'No rule permits this.', remedy: 'Contact the security desk.' }];
    const denied = isDenied ? { decisionId: 'dec_1', reasons, atMs: Date.now() } : null;
    ui.api.state.interaction = { appName: 'Wiki', appUrl: `${ui.api.origin}/back-at-app`, prompt: isDenied ? 'denied' : 'login', denied };
    await ui.open('/signin/abc');
    await ui.button(action).waitFor();
    ui.api.state.interaction = null;
    ui.api.state.errors.set('/api/interaction/abc/', { status: 404, code: 'resource.unknown', message: 'This sign-in has expired.' });
    await ui.button(action).click();
    await ui.heading('This sign-in has expired');
    await ui.page.reload();
    expect(await ui.page.getByRole('link', { name: 'Back to Wiki' }).getAttribute('href')).toBe(ui.api.origin);
  });
});

describe('the console', () => {
  beforeEach(() => {
    ui.api.state.operator = ada;
  });

  it('shows a decision in the feed the moment it is written', async () => {
    await ui.open('/console');
    await ui.text('Live');
    await ui.page.getByRole('list', { name: 'Live log' }).waitFor();
    await ui.connected();
    const startedAtMs = performance.now();
    ui.api.push(decision('dec_new', { personId: 'usr_eli', effect: 'deny', reasons: ['grant.outside_schedule'], permits: [] }));
    await ui.text('outside schedule');
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('shows a door state as the log says it, without asking again', async () => {
    await ui.open('/console/doors');
    const row = ui.page.getByRole('row', { name: /Server room/ });
    await row.getByText('Locked').waitFor();
    const status = ui.api.state.doors.find(({ id }) => id === 'dor_server')?.status;
    if (status === undefined) throw new Error('the sample has the door');
    await ui.connected();
    ui.api.push({
      type: 'door_state',
      occurredAtMs: Date.now(),
      cause: 'contact',
      decisionId: null,
      state: { ...status, contact: 'open', forced: true },
    });
    await row.getByText('Forced open').waitFor();
  });

  it('says that the live connection is lost, marks the doors as not current, and resumes without a gap', async () => {
    await ui.open('/console');
    await ui.connected();
    ui.api.state.streamsRefused = true;
    ui.api.dropStreams();
    await ui.text('Live connection lost, retrying');
    await ui.text(/the doors are not known since \d\d:\d\d:\d\d/);
    const status = ui.page.getByRole('contentinfo', { name: 'System status' });
    await status.getByText(/^Door node, policy and log not known since \d\d:\d\d:\d\d$/).waitFor();
    expect(await status.getByText('Door node online').count()).toBe(0);
    expect(await ui.page.getByText('Locked', { exact: true }).count()).toBe(0);
    ui.api.push(decision('dec_gap', { personId: 'usr_eli', effect: 'deny', reasons: ['door.locked_down'], permits: [] }));
    ui.api.state.streamsRefused = false;
    await ui.text('door locked down');
    await ui.page.getByText('Live connection lost, retrying').waitFor({ state: 'detached' });
  });

  it('shows no state of a door while the live connection is down, only what was last heard as such', async () => {
    await ui.open('/console/doors');
    await ui.connected();
    ui.api.state.streamsRefused = true;
    ui.api.dropStreams();
    const row = ui.page.getByRole('row', { name: /Server room/ });
    await row.getByText(/^Not known since \d\d:\d\d:\d\d$/).waitFor();
    await row.getByText('last heard: locked, closed').waitFor();
    await ui.page.getByRole('link', { name: 'Server room' }).click();
    await ui.text(/this door is not known since/);
    expect(await ui.page.getByText(/^(Online|Closed|Locked|Secure|Last heard.*now.*)$/).count()).toBe(0);
  });

  it('adds what the door does to the row of the permit, and unfolds it', async () => {
    await ui.open('/console');
    await ui.connected();
    const door = ui.api.state.doors.find(({ id }) => id === 'dor_office');
    if (door === undefined) throw new Error('the sample has the door');
    const permit = decision('dec_fold', { personId: 'usr_chi', resourceId: 'dor_office' });
    const moved = (afterMs: number, contact: 'open' | 'closed') =>
      ui.api.push({
        type: 'door_state',
        occurredAtMs: permit.occurredAtMs + afterMs,
        cause: 'contact',
        decisionId: null,
        state: { ...door.status, lock: 'unlocked', contact },
      });
    ui.api.push(permit);
    moved(1_200, 'open');
    const row = ui.page.getByRole('listitem').filter({ hasText: 'Chiara Lindqvist' });
    await row.getByText('opened after 1.2 s', { exact: true }).waitFor();
    moved(4_000, 'closed');
    await row.getByText('opened after 1.2 s, closed after 4.0 s').waitFor();
    await row.getByRole('button', { name: 'What followed, entry by entry' }).click();
    expect(await row.getByRole('list', { name: 'What followed' }).getByRole('listitem').count()).toBe(2);
  });

  it('calls the operator of the host’s own console by name', async () => {
    const expiresAtMs = Date.now() + 900_000;
    ui.api.state.reinstatement = { requestedBy: 'local', requestedById: 'local', reason: 'Cleared by HR', expiresAtMs };
    await ui.open('/console/people/usr_dev');
    await ui.text('The host’s owner has asked for reinstatement');
    await ui.button('Confirm reinstatement').click();
    await ui.page.getByRole('dialog').getByText('The host’s owner asked for it').waitFor();
    await ui.page.keyboard.press('Escape');
    await ui.page.getByRole('link', { name: 'Live' }).click();
    await ui.connected();
    ui.api.push(decision('dec_host', { personId: 'local', action: 'console.read', resourceType: 'console', resourceId: 'console' }));
    await ui.page.getByRole('listitem').getByText('The host’s owner').waitFor();
  });

  it('says the standing of a person once', async () => {
    await ui.open('/console/people/usr_eli');
    await ui.heading('Elias Fontaine');
    expect(await ui.page.getByText('Restricted', { exact: true }).count()).toBe(1);
  });

  it('suspends a person by keyboard alone and shows each target’s acknowledgement', async () => {
    await ui.open('/console/people');
    await ui.text('Ben Aalto');
    await ui.page.keyboard.press('/');
    await ui.page.keyboard.type('ben');
    expect(ui.page.url()).toContain('search=ben');
    await ui.page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    await ui.page.keyboard.press('Tab');
    await ui.page.keyboard.press('Enter');
    await ui.heading('Ben Aalto');
    await focusByTab('Suspend');
    await ui.page.keyboard.press('Enter');
    await ui.page.getByRole('dialog').waitFor();
    await ui.page.keyboard.press('Escape');
    await ui.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await ui.page.locator('button:focus').innerText()).toBe('Suspend');
    await ui.page.keyboard.press('Enter');
    await ui.page.keyboard.type('Badge reported stolen');
    await focusByTab('Suspend');
    await ui.page.keyboard.press('Enter');
    await ui.page.getByRole('dialog').getByText('Contained: every target has confirmed').waitFor();
    expect(await ui.page.getByRole('list', { name: 'Receipt' }).getByRole('listitem').allInnerTexts()).toHaveLength(3);
    await ui.page.keyboard.press('Enter');
    await ui.text('Every way in is closed, at doors and systems alike.');
  });

  it('does not suspend without a reason', async () => {
    await ui.open('/console/people/usr_ben');
    await ui.button('Suspend').click();
    await ui.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await ui.text('Give a reason of 3 to 500 characters.');
    expect(ui.api.requests.some((request) => request.endsWith('/suspend'))).toBe(false);
  });

  it('reinstates only with a second, different operator', async () => {
    await ui.open('/console/people/usr_dev');
    await ui.button('Reinstate').click();
    await ui.page.keyboard.type('Cleared by HR');
    await ui.button('Ask for reinstatement').click();
    await ui.page.getByRole('heading', { name: 'Waiting for a second operator' }).waitFor();
    await ui.button('Done').click();
    expect(await ui.button('Waiting for a second operator').isDisabled()).toBe(true);
    ui.api.state.operator = chiara;
    await ui.page.reload();
    await ui.text('Ada Okafor has asked for reinstatement');
    await ui.button('Confirm reinstatement').click();
    await ui.page.keyboard.type('Confirmed with HR');
    await ui.page.getByRole('dialog').getByRole('button', { name: 'Confirm reinstatement' }).click();
    await ui.heading('Devika Raman is active again');
  });

  it('hides what the role does not allow', async () => {
    ui.api.state.actions = ['console.read'];
    await ui.open('/console/people/usr_ben');
    await ui.heading('Ben Aalto');
    expect(await ui.button('Suspend').count()).toBe(0);
    expect(await ui.button('Enrolment link').count()).toBe(0);
  });

  it('explains a decision: reasons with remedy, what followed, and the input', async () => {
    await ui.open('/console/decisions?effect=deny');
    await ui.page.getByRole('list', { name: 'Decisions' }).waitFor();
    expect(await ui.page.getByRole('listitem').filter({ hasText: 'Permit' }).count()).toBe(0);
    await ui.page
      .getByRole('listitem')
      .filter({ hasText: 'not badged into the area' })
      .getByRole('link', { name: 'Open the decision' })
      .click();
    await ui.text('Badge in at the area’s reader, then try again.');
    await ui.text('presence.required');
    await ui.text('minute_of_day');
  });

  it('shows loading, then an error that can be retried, then the list', async () => {
    ui.api.state.delaysMs.set('/api/doors', 400);
    await ui.open('/console/doors');
    await ui.page.getByRole('status', { name: 'Loading' }).waitFor();
    await ui.text('Main entrance');
    ui.api.state.errors.set('/api/people', { status: 500, code: 'store.unavailable', message: 'The facts could not be read.' });
    await ui.page.getByRole('link', { name: 'People' }).click();
    await ui.text('The facts could not be read.');
    ui.api.state.errors.clear();
    await ui.button('Try again').click();
    await ui.text('Ben Aalto');
  });

  it('shows empty lists as empty', async () => {
    ui.api.state.people = [];
    ui.api.state.doors = [];
    await ui.open('/console/people');
    await ui.text('Nobody is registered yet');
    await ui.page.getByRole('link', { name: 'Doors' }).click();
    await ui.text('No doors are configured');
  });

  it('explains a refusal with its decision', async () => {
    ui.api.state.errors.set('/api/people', {
      status: 403,
      code: 'operator.not_authorized',
      message: 'Your role does not allow this action.',
      decisionId: 'dec_77',
    });
    await ui.open('/console/people');
    await ui.text('Your role does not allow this action.');
    await ui.text('dec_77');
  });

  it('shows enrolment links and tokens once, and signs out', async () => {
    await ui.open('/console/people/usr_ben');
    await ui.button('Enrolment link').click();
    await ui.button('Create the link').click();
    await ui.text(/enrol#token=/);
    await ui.button('Done').click();
    await ui.button(/account and settings/).click();
    await ui.page.getByRole('menuitem', { name: 'Command-line token' }).click();
    await ui.button('Create a token').click();
    await ui.text(/ghc_/);
    await ui.button('Done').click();
    await ui.button(/account and settings/).click();
    await ui.page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await ui.page.locator('html').getAttribute('data-theme')).toBe('dark');
    await ui.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await ui.heading('Sign in to the console');
  });
});

/** Moves the focus forward until it is on the button: what a person without a pointer does. */
async function focusByTab(name: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await ui.page.keyboard.press('Tab');
    const focused = ui.page.locator('button:focus');
    if ((await focused.count()) === 1 && (await focused.innerText()).trim() === name) return;
  }
  throw new Error(`the focus never reaches ${name}`);
}
