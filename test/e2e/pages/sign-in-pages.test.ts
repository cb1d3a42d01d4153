import { describe, expect, it } from 'vitest';
import { addAuthenticator } from '#test/support/console/browser.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

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
    await expect.poll(() => ui.page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_refused');
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

  it('says why a synced passkey is not enough, and leads to the passkeys and back to the app', async () => {
    await addAuthenticator(ui.page);
    await ui.open(`/enrol#${'k'.repeat(32)}`);
    await ui.button('Create passkey').click();
    await ui.heading('Your passkey is ready');
    ui.api.state.interaction = { appName: 'Vault', prompt: 'hardware_key', denied: null };
    const message = 'This passkey may be copied to other devices.';
    ui.api.state.errors.set('/api/interaction/abc/passkey', { status: 409, code: 'sign_in.key_synced', message });
    await ui.open('/signin/abc');
    await ui.button('Confirm with passkey').click();
    await ui.page.getByRole('alert').getByText(message).waitFor();
    expect(await ui.page.getByRole('link', { name: 'Add one to my passkeys' }).getAttribute('href')).toBe('/me/passkeys');
    await ui.button('Back to the app').click();
    await ui.page.waitForURL('**/back-at-app');
    expect(ui.api.requests).toContain('POST /api/interaction/abc/abort');
  });

  it('lets somebody else sign the browser’s person out and go on', async () => {
    await addAuthenticator(ui.page);
    await ui.open(`/enrol#${'k'.repeat(32)}`);
    await ui.button('Create passkey').click();
    await ui.heading('Your passkey is ready');
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'step_up', denied: null };
    const message = 'This browser is signed in as somebody else.';
    ui.api.state.errors.set('/api/interaction/abc/passkey', { status: 409, code: 'sign_in.other_person', message });
    await ui.open('/signin/abc');
    await ui.button('Confirm with passkey').waitFor();
    expect(await ui.button('Sign out and continue').count()).toBe(0);
    await ui.button('Confirm with passkey').click();
    await ui.page.getByRole('alert').getByText(message).waitFor();
    await ui.button('Sign out and continue').click();
    await ui.page.waitForURL('**/back-at-app');
    expect(ui.api.requests).toContain('POST /api/interaction/abc/other-passkey');
  });

  it('says that no reader has seen the badge, and stays where it is', async () => {
    ui.api.state.interaction = { appName: 'Vault', prompt: 'badge', denied: null };
    const message = 'No reader has seen your badge yet.';
    ui.api.state.errors.set('/api/interaction/abc/retry', { status: 409, code: 'sign_in.badge_not_seen', message });
    await ui.open('/signin/abc');
    await ui.button('I have badged in').click();
    await ui.page.getByRole('alert').getByText(message).waitFor();
    expect(await ui.button('I have badged in').getAttribute('aria-busy')).toBeNull();
    await ui.button('Back to the app').waitFor();
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
    await expect.poll(() => ui.page.evaluate<string>('navigator.clipboard.readText()')).toBe('dec_quote');
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

  it('begins anew when the browser’s “back” shows it as it was left', async () => {
    ui.api.state.interaction = { appName: 'Wiki', appUrl: ui.api.origin, prompt: 'confirm', denied: null };
    await ui.open('/signin/abc');
    // An answer without a page leaves the browser where it is, as it waits for the app.
    await ui.page.route('**/back-at-app', (route) => route.fulfill({ status: 204 }));
    await ui.button('Continue').click();
    await ui.page.locator('button[aria-busy=true]').waitFor();
    const restored = (persisted: boolean) =>
      ui.page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: ${String(persisted)} }))`);
    await restored(false);
    expect(await ui.page.locator('button[aria-busy=true]').count()).toBe(1);
    await restored(true);
    await ui.page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
    await ui.button('Continue').waitFor();
    ui.api.state.interaction = null;
    await restored(true);
    await ui.heading('This sign-in has expired');
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
