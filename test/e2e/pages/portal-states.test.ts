import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { addAuthenticator } from '#test/support/console/browser.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();
const enrol = async () => {
  await ui.open(`/enrol#token=${'k'.repeat(32)}`);
  await ui.button('Create passkey').click();
  await ui.heading('Your passkey is ready');
};

describe('saved passkeys', () => {
  it.each([
    ['an app’s sign-in', '/signin/abc', '**/back-at-app'],
    ['the portal', '/me', '**/me'],
  ])('are offered by the browser at %s, without the button', async (_name, path, address) => {
    await addAuthenticator(ui.page, { saved: 'offered' });
    await enrol();
    await ui.open(path);
    await ui.page.waitForURL(address);
    if (path === '/me') await ui.heading('Hello, Annegret Hohenstein-Wiesendanger');
  });
});

const chooseLanguage = (value: string) => ui.page.context().addCookies([{ name: 'gatehouse_language', value, url: ui.api.origin }]);
const lang = () => ui.page.locator('html').getAttribute('lang');

describe('where another page was meant to be', () => {
  it.each([
    ['de', 'Diese Seite gibt es nicht', 'Diese Seite ist abgestürzt', 'Neu laden'],
    ['es', 'Esta página no existe', 'Esta página ha fallado', 'Volver a cargar'],
  ])('is said in the language that the person has chosen: %s', async (language, notFound, crash, reload) => {
    await chooseLanguage(language);
    await ui.open('/me/nope');
    await ui.heading(notFound);
    expect(await lang()).toBe(language);
    await expectAccessible(ui.page, { name: notFound });
    await expectNothingSideways(ui.page, notFound);
    // What a sign-in needs comes broken: the program itself fails, and loads nothing to say so.
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null };
    await ui.page.route('**/assets/people-routes-*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'export {};' }));
    await ui.open('/signin/abc');
    await ui.heading(crash);
    expect(ui.complaints.splice(0)).toMatchObject([expect.stringContaining('error #130')]);
    expect(await lang()).toBe(language);
    await ui.page.unroute('**/assets/people-routes-*.js');
    await ui.button(reload).click();
    await ui.page.getByRole('heading', { name: /Wiki/ }).waitFor();
  });
});

it('signs in in the language that the app asks for, unless the person has chosen one', async () => {
  ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null, language: 'es' };
  await ui.open('/signin/abc');
  await ui.heading('Iniciar sesión en Wiki');
  expect(await lang()).toBe('es');
  // Nothing is kept of it: the next app asks for nothing.
  ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null };
  await ui.open('/signin/abc');
  await ui.heading('Sign in to Wiki');
  ui.api.state.interaction = { appName: 'Wiki', prompt: 'login', denied: null, language: 'es' };
  await chooseLanguage('de');
  await ui.open('/signin/abc');
  await ui.heading('Bei Wiki anmelden');
});

describe('signed in', () => {
  beforeEach(() => {
    ui.api.portal.isSignedIn = true;
  });

  it('asks for the passkey before a change when the sign-in is too long ago, and then does it', async () => {
    await addAuthenticator(ui.page);
    await enrol();
    ui.api.portal.isTooOld = true;
    await ui.open('/me/passkeys');
    await ui.button('Rename “Phone”').click();
    await ui.page.getByRole('textbox', { name: 'Name' }).fill('New phone');
    await ui.button('Save').click();
    await ui.text('The passkey is now called “New phone”.');
    expect(ui.api.requests).toContain('POST /api/me/confirm');
  });

  it('goes on with a change that another tab has confirmed meanwhile', async () => {
    await addAuthenticator(ui.page);
    await enrol();
    ui.api.portal.isTooOld = true;
    ui.api.portal.isConfirmedElsewhere = true;
    await ui.open('/me/passkeys');
    await ui.button('Rename “Phone”').click();
    await ui.page.getByRole('textbox', { name: 'Name' }).fill('New phone');
    await ui.button('Save').click();
    await ui.text('The passkey is now called “New phone”.');
  });

  it('says plainly what may still be open after a lost passkey, and gives the focus back', async () => {
    ui.api.portal.closed = { sessions: 2, logoutTokensSent: 1, logoutTokensAcknowledged: 0, residual: ['apps', 'vpn'] };
    await ui.open('/me/passkeys');
    await ui.button('Remove “Phone”').focus();
    await ui.page.keyboard.press('Enter');
    await ui.page.keyboard.press('Escape');
    await expect.poll(() => ui.page.evaluate<string>('document.activeElement.ariaLabel')).toBe('Remove “Phone”');
    await ui.page.keyboard.press('Enter');
    await ui.page.getByText('It is lost, or somebody else may have it').click();
    await ui.button(/^Remove$/).click();
    await ui.text('“Phone” was removed. 2 sessions were closed.');
    await ui.text('An app has not confirmed it yet.');
    await ui.text('A VPN server could not be reached.');
  });

  it('removes with a lost passkey what was added with it, but for what the person keeps', async () => {
    const [laptop, phone] = ui.api.portal.passkeys;
    if (laptop === undefined || phone === undefined) expect.fail();
    const others = ['Drawer key', 'Not mine'].map((name, index) => ({ ...phone, id: `pk_${String(index)}`, name }));
    ui.api.portal.passkeys = [laptop, { ...phone, addedWithIt: others.map(({ id }) => id) }, ...others];
    await ui.open('/me/passkeys');
    await ui.button('Remove “Phone”').click();
    expect(await ui.page.getByRole('checkbox').count()).toBe(0);
    await ui.page.getByText('It is lost, or somebody else may have it').click();
    await ui.text('These were added with it, and are removed as well.');
    await ui.page.getByRole('checkbox', { name: 'Keep “Drawer key”' }).check();
    await ui.button(/^Remove$/).click();
    await ui.text('“Phone” was removed.');
    expect(ui.api.portal.passkeys.map(({ name }) => name)).toEqual(['Work laptop', 'Drawer key']);
  });

  it('moves the focus to what is said when the row with it is gone, and leaves it where it is otherwise', async () => {
    const focused = () => ui.page.evaluate<string>('document.activeElement.innerText || document.activeElement.ariaLabel');
    await ui.open('/me/passkeys');
    await ui.button('Rename “Phone”').click();
    await ui.page.getByRole('textbox', { name: 'Name' }).fill('Pocket phone');
    await ui.button('Save').click();
    await ui.text('The passkey is now called “Pocket phone”.');
    expect(await ui.page.evaluate<string>('document.activeElement.ariaLabel')).toBe('Rename “Pocket phone”');
    await ui.button('Remove “Pocket phone”').click();
    await ui.button(/^Remove$/).click();
    await expect.poll(focused).toContain('“Pocket phone” was removed.');
    expect(await ui.button('Remove “Pocket phone”').count()).toBe(0);
    await ui.open('/me/sessions');
    await ui.button('Close: Wiki').click();
    await expect.poll(focused).toContain('1 session was closed.');
    expect(await ui.button('Close: Wiki').count()).toBe(0);
  });

  it('keeps the one way in', async () => {
    ui.api.portal.passkeys = ui.api.portal.passkeys.slice(0, 1).map((one) => ({ ...one, notRemovable: 'passkey.last_way_in' }));
    await ui.open('/me/passkeys');
    await ui.text('Your only way in: add another before you remove it.');
    expect(await ui.button('Remove “Work laptop”').isDisabled()).toBe(true);
  });

  it('says how many passkeys there are: it warns of the only one, and leads to recovery when there is none', async () => {
    ui.api.portal.passkeys = ui.api.portal.passkeys.slice(0, 1);
    await ui.open('/me/passkeys');
    await ui.text('You have only one passkey.');
    await ui.button('Remove “Work laptop”').click();
    await ui.text('This is your only passkey. Without it you get in again only with a recovery code.');
    await ui.button(/^Remove$/).click();
    await ui.text('“Work laptop” was removed.');
    await ui.text('You have no passkey.');
    expect(await ui.page.getByText('only one passkey').count()).toBe(0);
    ui.api.portal.isTooOld = true;
    await ui.button('Add a passkey').click();
    await ui.page.getByRole('textbox', { name: 'Name' }).fill('New one');
    await ui.button('Create passkey').click();
    await ui.page.getByRole('alert').getByText('A recovery code lets you create one.').waitFor();
    expect(ui.api.requests).not.toContain('POST /api/me/confirm/options');
    await ui.page.getByRole('alert').getByRole('link', { name: 'How recovery works' }).click();
    await ui.heading('If you lose your passkeys');
    await ui.open('/me');
    await ui.text('You have no passkey.');
    await ui.page.getByRole('link', { name: 'How recovery works' }).waitFor();
  });

  it('closes every other session only after a question', async () => {
    await ui.open('/me/sessions');
    await ui.button('Close all others').click();
    await ui.page.getByRole('dialog').getByRole('button', { name: 'Close all others' }).click();
    await ui.text('2 sessions were closed.');
    expect(await ui.button(/^Close: /).count()).toBe(0);
  });

  it('says in plain words what a computer lacks, and ends what was signed in with one that is removed', async () => {
    await ui.open('/me/sessions');
    await ui.text('Turn on: firewall.');
    await ui.text('Install updates: the last ones came 75 days ago.');
    await ui.text('Could not be found out: secure boot.');
    await ui.button('Remove “Work laptop”').click();
    await ui.text('What was signed in with it ends.');
    await ui.button(/^Remove$/).click();
    await ui.text('“Work laptop” was removed.');
    expect(await ui.button('Remove “Work laptop”').count()).toBe(0);
    ui.api.portal.computers = [];
    await ui.open('/me/sessions');
    await ui.text('None of your computers is set up');
  });

  it('shows what is empty as empty, what failed with a way on, and what is refused with its number', async () => {
    ui.api.portal.access = [];
    await ui.open('/me/access?kind=door');
    await ui.text('Nothing of this kind is granted to you');
    ui.api.state.errors.set('/api/me/log', { status: 503, code: 'store.unavailable', message: 'The store is away.' });
    await ui.open('/me/log');
    await ui.text('The store is away.');
    ui.api.state.errors.clear();
    await ui.button('Try again').click();
    await ui.text('Sign-in to My access');
    ui.api.state.errors.set('/api/me/sessions', { status: 403, code: 'subject.suspended', message: 'Suspended.', decisionId: 'dec_no' });
    await ui.open('/me/sessions');
    await ui.text('dec_no');
  });

  it('keeps what is there when asking again or for more fails, and says that it did', async () => {
    const away = { status: 409, code: 'request.conflict', message: 'Not now.' };
    const alert = () => ui.page.getByRole('alert').getByText('Not now.');
    await ui.open('/me/access');
    await ui.text('Parts cage');
    ui.api.state.errors.set('/api/me/access', away);
    await ui.button('Check again').click();
    await alert().waitFor();
    expect(await ui.page.getByText('Parts cage').count()).toBe(1);
    ui.api.state.errors.clear();
    await ui.button('Check again').click();
    await alert().waitFor({ state: 'detached' });

    ui.api.portal.logNext = 4;
    ui.api.state.errors.set('/api/me/log?limit=50&before', away);
    await ui.open('/me/log');
    await ui.button('Show older').click();
    await alert().waitFor();
    await ui.text('Sign-in to My access');
    // Beside the button, where it is looked for.
    const [said, last] = await Promise.all([alert().boundingBox(), ui.page.getByRole('listitem').last().boundingBox()]);
    expect(said?.y).toBeGreaterThan(last?.y ?? Infinity);
  });

  it('gives no all-clear of a log that was not looked through to its end', async () => {
    ui.api.portal.log = ui.api.portal.log.filter((entry) => entry.kind !== 'decision');
    await ui.open('/me');
    await ui.text('No attempt of yours was denied in the last 7 days.');
    await ui.text('No badge of yours was read in the last 30 days.');
    ui.api.portal.isLogEndless = true;
    await ui.page.reload();
    await ui.text('not all of it was looked through for denials');
    await ui.text('not all of it was looked through for your badge');
    expect(await ui.page.getByText('No attempt of yours').count()).toBe(0);
    await ui.page.getByRole('link', { name: 'See the log' }).waitFor();
  });

  it('says that it is offline, and asks for a sign-in when the session ended elsewhere', async () => {
    await ui.open('/me');
    await ui.heading('Hello, Annegret Hohenstein-Wiesendanger');
    await ui.page.context().setOffline(true);
    await ui.text('You are offline. What you see may be out of date.');
    await ui.page.context().setOffline(false);
    ui.api.portal.isSignedIn = false;
    await ui.page.getByRole('link', { name: 'Doors and apps' }).click();
    await ui.heading('Sign in to see your access');
  });
});
