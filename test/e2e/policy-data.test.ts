import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorsSchema } from '#gateway/http/contract/admin.ts';
import { demoBadgeResultSchema } from '#gateway/http/contract/demo.ts';
import { createCivilTime } from '#gateway/domain/site/civil-time.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console/browser.ts';
import { freePort, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

const DAY_MINUTES = 1_440;
const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

let dataDir: string;
let gateway: RunningGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

const dialog = () => page.getByRole('dialog');
const region = (name: string) => page.getByRole('region', { name, exact: true });
const open = (path: string) => page.goto(`${gateway.url}/console/policy/${path}`);

/** Nina at the clean room in Lisbon, with the door as it is when nobody uses it. */
const badge = async () => {
  await until('the door is closed and locked', 15_000, async () => {
    const { doors } = await gateway.api.get('/api/doors', doorsSchema);
    const status = doors.find(({ id }) => id === 'lis-clean')?.status;
    return status?.contact === 'closed' && status.lock === 'locked' ? true : null;
  });
  const asked = { personId: 'usr_nina', readerId: 'lis-clean-in', walkThrough: false };
  const { outcome, reasons } = await gateway.api.post('/api/demo/badge', asked, demoBadgeResultSchema);
  return { outcome, reasons };
};

const review = async (): Promise<void> => {
  await dialog().getByRole('button', { name: 'See what it changes' }).click();
  await dialog().getByRole('list', { name: 'What this changes' }).waitFor();
};

/** Whatever it does: closing and opening have buttons of their own. */
const save = async (): Promise<void> => {
  await dialog().getByLabel('Reason').fill('as agreed on Monday');
  await dialog()
    .getByRole('button', { name: /^(Save|Open it)$/ })
    .click();
  await dialog()
    .getByText(/Version \d+ is in force/)
    .waitFor();
  await dialog().getByRole('button', { name: 'Done' }).click();
  await dialog().waitFor({ state: 'detached' });
};

const clock = (minute: number): string => {
  const ofDay = (minute + DAY_MINUTES) % DAY_MINUTES;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
};

/** There is no hand on the gateway's clock: the windows are laid around the time that it is at the site. */
const windowsAround = (nowMs: number) => {
  const now = createCivilTime('Europe/Lisbon')(nowMs).minuteOfDay;
  const isDay = now > 7 * 60 && now < 21 * 60;
  const overMidnight = [[now + 300, now + 180] as const, [now - 60, now - 180] as const].find(([from, end]) => clock(from) > clock(end));
  const [from, end] = overMidnight ?? expect.fail('one of the two goes over midnight');
  return {
    /** Over midnight, and without this moment by day. */
    without: isDay ? { from: '22:00', until: '06:00' } : { from: '10:00', until: '16:00' },
    /** Over midnight, and with this moment at any time. */
    with: { from: clock(from), until: clock(end) },
  };
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-policy-data-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
  browser = await launchConsoleBrowser();
  watched = await openWatchedPage(await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  page = watched.page;
  await addAuthenticator(page);
  await page.goto(/http:\S+\/enrol#\S+/.exec(gateway.output())?.[0] ?? expect.fail('no link was printed'));
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
  await page.goto(`${gateway.url}/console`);
  await page.getByRole('button', { name: 'Continue with passkey' }).click();
  await page.getByRole('list', { name: 'Live log' }).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('policy data, from the form to the door', () => {
  it('lets nobody in by a profile that nobody is granted', async () => {
    await open('data?part=profiles');
    await page.getByRole('button', { name: 'New profile' }).click();
    await dialog().getByLabel('Name').fill('Clean room by night');
    await dialog()
      .getByLabel(/^Clean room.*Door$/)
      .check();
    await review();
    await save();
    await region('Access profiles').getByText('clean-room-by-night').waitFor();
    expect(await badge()).toEqual({ outcome: 'denied', reasons: ['grant.missing'] });
  });

  it('gives a group the profile with a schedule over midnight, which denies outside of it', async () => {
    const { without } = windowsAround(Date.now());
    await open('data?part=schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    await dialog().getByLabel('Name').fill('Night shift');
    for (const day of WEEK) await dialog().getByLabel(day).check();
    await dialog().getByLabel('From').fill(without.from);
    await dialog().getByLabel('Until').fill(without.until);
    await dialog().getByLabel('What begins on a holiday of the site counts too').check();
    await review();
    await save();
    await page.getByRole('button', { name: 'Grants', exact: true }).click();
    await page.getByRole('button', { name: 'New grant' }).click();
    await dialog().getByLabel('Access profile').selectOption('clean-room-by-night');
    await dialog().getByLabel('Group').fill('operations');
    await dialog().getByLabel('Schedule').selectOption('night-shift');
    await review();
    await dialog().getByText('May let in more').waitFor();
    await save();
    expect(await badge()).toEqual({ outcome: 'denied', reasons: ['grant.outside_schedule'] });
  });

  it('says how the last days would have come out, and permits within it, once the hours go over this moment', async () => {
    const hours = windowsAround(Date.now()).with;
    await open('data?part=schedules');
    await page.getByRole('button', { name: 'Edit Night shift' }).click();
    await dialog().getByLabel('From').fill(hours.from);
    await dialog().getByLabel('Until').fill(hours.until);
    await dialog().getByText(`Every day ${hours.from}–${hours.until} the next day`).first().waitFor();
    await review();
    await dialog().getByRole('button', { name: 'Try it on the last 7 days' }).click();
    await dialog()
      .getByText(/^Of \d+ decisions? in the last 7 days .* would have come out differently/)
      .waitFor({ timeout: 60_000 });
    await save();
    expect(await badge()).toEqual({ outcome: 'granted', reasons: [] });
  });

  it('shows it as the policy sees it, with the version, who changed it and why', async () => {
    const seen = region('As the policy sees it');
    await seen.getByText(/Version \d+/).waitFor();
    await seen.getByText('Ada Okafor').waitFor();
    await seen.getByText('as agreed on Monday').waitFor();
    await seen.getByText('"night-shift"').waitFor();
  });

  it('denies with the reason when the threat level is raised, and permits again when it is lowered', async () => {
    await page.goto(`${gateway.url}/console`);
    await page.getByRole('button', { name: 'Raise the threat level' }).click();
    await dialog().getByLabel('Where', { exact: true }).selectOption('site:lisbon');
    await dialog().getByLabel('Level').selectOption('5');
    await dialog().getByLabel('Reason').fill('a threat was phoned in');
    await dialog().getByRole('button', { name: 'Raise it' }).click();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await region('Threat level').getByText('Threat level 5, Laboratory Lisbon').waitFor();
    expect(await badge()).toEqual({ outcome: 'denied', reasons: ['door.threat_level'] });
    await page.getByRole('button', { name: 'Lower, Laboratory Lisbon' }).click();
    await review();
    await dialog().getByText('May let in more').waitFor();
    await save();
    await region('Threat level').getByText('Normal everywhere.').waitFor();
    expect(await badge()).toEqual({ outcome: 'granted', reasons: [] });
  });

  it('decides otherwise once a ready policy is on, and as before once it is taken back', async () => {
    await open('data?part=schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    await dialog().getByLabel('Name').fill('Never');
    await dialog().getByRole('button', { name: 'Remove window 1' }).click();
    await review();
    await save();
    const before = await region('As the policy sees it')
      .getByText(/^Version \d+/)
      .innerText();
    await open('library');
    await page.getByRole('button', { name: 'Set up After hours' }).click();
    await dialog()
      .getByLabel(/^Clean room.*Door$/)
      .check();
    await dialog().getByLabel('Schedule').selectOption('never');
    await review();
    await save();
    expect(await badge()).toEqual({ outcome: 'denied', reasons: ['time.after_hours'] });
    await page.getByRole('button', { name: 'Rego of After hours' }).click();
    await dialog().getByText('package ').first().waitFor();
    await page.keyboard.press('Escape');
    await open('data?part=history');
    await page.getByRole('button', { name: `Go back to ${/\d+/.exec(before)?.[0] ?? ''}`, exact: true }).click();
    await dialog().getByText('Library policy').waitFor();
    await dialog().getByLabel('Reason').fill('it kept everybody out');
    await dialog().getByRole('button', { name: 'Go back', exact: true }).click();
    await dialog().getByRole('button', { name: 'Done' }).click();
    expect(await badge()).toEqual({ outcome: 'granted', reasons: [] });
  });

  it('broke no rule of the page on the way', () => {
    expect(watched.complaints).toEqual([]);
  });
});
