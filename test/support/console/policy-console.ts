import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { createCliTools } from '#gateway/compose-tools.ts';
import { enrolmentLinkSchema, type Entry } from '#gateway/http/contract/admin.ts';
import { loadConfig } from '#gateway/platform/config/load-config.ts';
import { parsePeopleFile } from '#gateway/platform/people-file.ts';
import { layOutSite, SITE_CARDS, SITE_PEOPLE, type ConfiguredSite } from '../configured-site.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from './browser.ts';
import { untilLogged, untilReadersAnswer } from '../gateway-log.ts';
import { startGateway, type RunningGateway } from '../running-gateway.ts';

const WAIT_MS = 40_000;
/** The hour that it is at the site while a test runs: people at work now are its night shift. */
export const NIGHT_HOUR = 2;

type Decision = Extract<Entry['record'], { readonly type: 'decision' }>;

/** A whole gateway at a site where it is night, and a browser in which two operators are signed in to its console. */
export interface PolicyConsole {
  readonly gateway: RunningGateway;
  /** Security administrators, each with a passkey of their own. */
  readonly sia: Page;
  readonly tom: Page;
  /** Policy violations and errors of all pages. */
  complaints(): readonly string[];
  /** A badge at the street door, and the decision that came of it. */
  badge(person: 'ann' | 'ben'): Promise<Decision>;
  close(): Promise<void>;
}

export async function openPolicyConsole(): Promise<PolicyConsole> {
  const site = await layOutSite();
  await makeItNight(site);
  const gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
  const browser = await launchConsoleBrowser();
  const all: (readonly string[])[] = [];
  const [sia, tom] = [await signIn(browser, gateway, 'usr_sia', all), await signIn(browser, gateway, 'usr_tom', all)];
  let seen = 0;
  return {
    gateway,
    sia,
    tom,
    complaints: () => all.flat(),
    badge: async (person) => {
      site.readers['front-in'].presentCard(SITE_CARDS[person].bits, SITE_CARDS[person].bitCount);
      const { record, seq } = await untilLogged(
        gateway,
        'decision',
        (found, at) => at > seen && found.type === 'decision' && found.personId === `usr_${person}` && found.action === 'door.unlock',
      );
      seen = seq;
      if (record.type !== 'decision') throw new TypeError('only decisions were asked for');
      return record;
    },
    close: async () => {
      await browser.close();
      await gateway.kill();
      await site.remove();
    },
  };
}

/** The site moves to where it is NIGHT_HOUR now, and gets a second security administrator. */
async function makeItNight({ process }: ConfiguredSite): Promise<void> {
  const east = NIGHT_HOUR - new Date().getUTCHours();
  const offset = east > 12 ? east - 24 : east < -12 ? east + 24 : east;
  // POSIX turns the sign around: Etc/GMT-2 is two hours east of Greenwich.
  const zone = offset === 0 ? 'Etc/UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
  writeFileSync(process.configFile, readFileSync(process.configFile, 'utf8').replace('Europe/Berlin', zone));
  const config = loadConfig({ file: process.configFile, env: { GATEHOUSE_DATA_DIR: process.dataDir } });
  const people = [...(SITE_PEOPLE.people ?? []), { id: 'usr_tom', name: 'Tom Example', roles: ['security_admin'] }];
  const imported = await createCliTools().importPeople(config, parsePeopleFile({ ...SITE_PEOPLE, people }));
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
}

async function signIn(browser: Browser, gateway: RunningGateway, personId: string, all: (readonly string[])[]): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page, complaints } = await openWatchedPage(context);
  all.push(complaints);
  page.setDefaultTimeout(WAIT_MS);
  await addAuthenticator(page);
  const { url } = await gateway.api.post(`/api/people/${personId}/enrolment`, {}, enrolmentLinkSchema);
  await page.goto(url);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
  await page.goto(`${gateway.url}/console/policy`);
  await page.getByRole('button', { name: 'Continue with passkey' }).click();
  await page.getByRole('heading', { name: 'Policy', exact: true }).waitFor();
  return page;
}

export const codeOf = (page: Page): Locator => page.locator('.cm-content');

/** Pastes lines behind the last one of the file that the editor shows. */
export async function writeAtEnd(page: Page, text: string): Promise<void> {
  await codeOf(page).click();
  await page.keyboard.press('Control+End');
  // Run in the page, so kept as text: this program has no DOM types.
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+v');
}

const ATTEMPTS_MAX = 10;
const COMPILED_WITHIN_MS = 60_000;

/**
 * Does something that the compiler works for, until `done` shows. On a machine that is kept busy by other tests the compiler may be stopped
 * at its time limit, which the page says: it is then told to try again.
 */
export async function untilCompiled(page: Page, act: () => Promise<void>, done: Locator): Promise<void> {
  const stopped = page.getByText(/policy compiler was stopped/);
  for (let attempt = 1; ; attempt += 1) {
    await act();
    await done.or(stopped).first().waitFor({ timeout: COMPILED_WITHIN_MS });
    if (await done.first().isVisible()) return;
    if (attempt === ATTEMPTS_MAX) throw new Error('the compiler was stopped each time');
  }
}

/** Gives the reason that the open dialog asks for, takes the step, and waits until it is taken. */
export async function confirm(page: Page, action: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
