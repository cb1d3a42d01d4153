import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { CHROMIUM, requirePeer } from '../peers/peers.ts';

const LAUNCH_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchConsoleBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requirePeer(CHROMIUM), headless: true, args: LAUNCH_ARGUMENTS });
}

/** With a camera that plays a film (face-film.ts) over and over, and that every page may use. */
export function launchBrowserWithCamera(film: string): Promise<Browser> {
  const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`];
  return chromium.launch({ executablePath: requirePeer(CHROMIUM), headless: true, args: [...LAUNCH_ARGUMENTS, ...camera] });
}

export interface WatchedPage {
  readonly page: Page;
  /** Everything that the page should not have said: policy violations, uncaught errors, errors on the console. */
  readonly complaints: string[];
}

/** Run in the page, so kept as text: this program has no DOM types. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  reportViolation('csp: ' + violatedDirective + ' ' + blockedURI + ' ' + sample))`;

/** A page that reports violations of its content security policy and any error. */
export async function openWatchedPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(text));
  await page.addInitScript(REPORT_VIOLATIONS);
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused or failed request is part of the tests; the browser reports each by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(`console: ${message.text()}`);
  });
  return { page, complaints };
}

/** Run in the page, so kept as text. */
const OFFERS_NO_SAVED_PASSKEYS = 'PublicKeyCredential.isConditionalMediationAvailable = async () => false';

interface AuthenticatorOptions {
  /** A platform authenticator as on a laptop, of which a page has one at most, or a key to plug in. */
  readonly transport?: 'internal' | 'usb';
  /**
   * Whether the browser offers saved passkeys in a field. This authenticator picks one without being asked as soon as it may, so that
   * pages may only in a test that is about it.
   */
  readonly saved?: 'offered' | 'not offered';
}

/** An authenticator with user verification. Returns how it is taken away again. */
export async function addAuthenticator(
  page: Page,
  { saved = 'not offered', transport = 'internal' }: AuthenticatorOptions = {},
): Promise<() => Promise<void>> {
  if (saved === 'not offered') await page.addInitScript(OFFERS_NO_SAVED_PASSKEYS);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => {
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
  };
}
