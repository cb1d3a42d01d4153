import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { loadPack } from '#face-model/pack/load-pack.ts';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { faceOfferSchema, faceTemplatesSchema, faceTerminalsSchema } from '#gateway/http/contract/face.ts';
import { expectAccessible } from '#test/support/console/accessibility.ts';
import { startProgram, type ChildProgram } from '#test/support/child-programs.ts';
import { layOutSite, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { launchBrowserWithCamera, openWatchedPage } from '#test/support/console/browser.ts';
import { writeFilm, type Portrait } from '#test/support/face/face-film.ts';
import { defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';
import { cutPortrait, livingFilm, printedFilm, SAMPLE_PEOPLE } from '#test/support/face/face-portrait.ts';
import { readLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { phoneThenFaceFilm, readKioskLink, takeFaceWithPhone } from '#test/support/face/phone-at-the-kiosk.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { terminalPrograms } from '#test/support/face/terminal-programs.ts';

const CLI = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));
const SETUP_TIMEOUT_MS = 300_000;
/** The films never blink: of five movements that may be asked for they do four, so that a person may have to try again. */
const TRIES_MAX = 8;
const ANSWER_MS = 20_000;

let folder: string;
let site: ConfiguredSite;
let gateway: RunningGateway;
let terminal: ChildProgram;
let terminalId = '';
let pageUrl = '';
let beside: ReturnType<typeof terminalPrograms>;
let ann: Portrait;
let films: Readonly<Record<'ann' | 'stranger' | 'print', string>>;
let seen = 0;

async function makeFilms(packFolder: string): Promise<typeof films> {
  const picture = (await samplePictures()).at(-1);
  if (picture === undefined) throw new TypeError('the samples are there');
  const pack = await loadPack({ folder: packFolder });
  ann = await cutPortrait(picture, pack, SAMPLE_PEOPLE.first);
  const stranger = await cutPortrait(picture, pack, SAMPLE_PEOPLE.second);
  await pack.close();
  const paths = { ann: join(folder, 'ann.y4m'), stranger: join(folder, 'stranger.y4m'), print: join(folder, 'print.y4m') };
  await writeFilm(paths.ann, livingFilm(ann));
  await writeFilm(paths.stranger, livingFilm(stranger));
  await writeFilm(paths.print, printedFilm(ann));
  return paths;
}

/** The door lends its terminal what it needs while the gateway is away. */
async function lendAtTheFront(configFile: string): Promise<void> {
  const config = parse(await readFile(configFile, 'utf8')) as { readonly doors: { readonly id: string; offline_lease_s?: number }[] };
  for (const door of config.doors) if (door.id === 'front') door.offline_lease_s = 3_600;
  await writeFile(configFile, stringify(config));
}

async function startTerminal(packFolder: string): Promise<void> {
  const { stdout } = await gateway.cli('terminal', 'offer', 'front-in', 'Front', '--json');
  const { code } = faceOfferSchema.parse(JSON.parse(stdout));
  const places = ['--folder', join(folder, 'terminal'), '--pack', packFolder];
  const enrolled = await gateway.cli('terminal', 'enrol', gateway.url, code, ...places, '--json');
  ({ deviceId: terminalId } = z.object({ deviceId: z.string() }).parse(JSON.parse(enrolled.stdout)));
  terminal = startProgram(process.execPath, [CLI, 'terminal', 'run', ...places, ...beside.args, '--port', '0', '--json']);
  pageUrl = await until('the terminal shows its page', 60_000, () => /"page":"([^"]+)"/.exec(terminal.output())?.[1] ?? null);
  await untilTerminalListens();
}

async function untilTerminalListens(): Promise<void> {
  await until('the terminal listens', 30_000, async () => {
    const { terminals } = await gateway.api.get('/api/face/terminals', faceTerminalsSchema);
    return terminals.some(({ isListening }) => isListening) ? true : null;
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-kiosk-'));
  beside = terminalPrograms(folder);
  const packFolder = await defaultPackFolder();
  films = await makeFilms(packFolder);
  site = await layOutSite();
  await lendAtTheFront(site.process.configFile);
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
  const parameters = { maxAgeS: 20, scoreBand: 'standard', liveness: 'active' };
  const setting = JSON.stringify({ policy: 'face', enabled: true, where: { doors: ['front'] }, parameters });
  expect(await gateway.cli('policy', 'data', 'set', 'library', 'faces', setting, '--reason', 'For the test')).toMatchObject({ code: 0 });
  await startTerminal(packFolder);
}, SETUP_TIMEOUT_MS);
afterAll(async () => {
  await terminal?.end();
  await gateway?.kill();
  await site?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The kiosk's page before a camera that plays this film. */
async function atTheKiosk(film: string, what: (page: Page) => Promise<void>): Promise<void> {
  const browser: Browser = await launchBrowserWithCamera(film);
  try {
    const { complaints, page } = await openWatchedPage(await browser.newContext());
    await page.goto(pageUrl);
    await what(page);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}

/**
 * Ann's badge, and what is decided when the terminal has looked. Where nobody looked, because the machine or the terminal was busy, nothing was
 * shown of a face: once more.
 */
async function badge() {
  for (let attempt = 1; ; attempt += 1) {
    const decision = await badgeOnce();
    if (decision.input !== null || attempt === TRIES_MAX) return decision;
    await untilTerminalListens();
  }
}

async function badgeOnce() {
  site.readers['front-in'].presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);
  const answered = await until('the second decision', ANSWER_MS, async () => {
    const decisions = (await readLog(gateway, 'decision', 20)).filter(
      ({ record, seq }) => seq > seen && record.type === 'decision' && record.mode === 'online' && record.resourceId === 'front',
    );
    return decisions.length >= 2 ? decisions : null;
  });
  seen = answered.at(-1)?.seq ?? seen;
  const record = answered.at(-1)?.record;
  if (record?.type !== 'decision') throw new TypeError('only decisions were asked for');
  return record;
}

const lastReport = async () => (await readLog(gateway, 'credential', 5)).at(-1)?.record;

it('enrols a person who agrees, and shows what the camera’s pictures lack', async () => {
  await atTheKiosk(films.ann, async (page) => {
    await page.getByText('Present your badge', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Bitte Ausweis vorhalten', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    expect(await gateway.cli('terminal', 'enrol-face', terminalId, 'usr_ann')).toMatchObject({ code: 0 });
    await page.getByText('May this terminal know your face?', { exact: true }).waitFor();
    expect(await page.locator('video').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByText(/\(\d of 5\)/).waitFor();
    await page.getByRole('list', { name: 'How good the picture is' }).getByText('Near enough').waitFor();
    await page.getByText('This terminal knows your face now', { exact: true }).waitFor({ timeout: 60_000 });
  });
  expect(await lastReport()).toMatchObject({ event: 'enrolled', kind: 'face_template', personId: 'usr_ann' });
});

it('opens the door for her badge and her face', async () => {
  await atTheKiosk(films.ann, async (page) => {
    for (let attempt = 1; ; attempt += 1) {
      const decision = await badge();
      if (decision.effect === 'deny' && attempt < TRIES_MAX) continue;
      expect(decision).toMatchObject({
        effect: 'permit',
        input: { context: { face: { verified: true, liveness: 'active', source: 'terminal' } } },
      });
      await page.getByText('Welcome', { exact: true }).waitFor();
      const { decisionId } = decision;
      await untilLogged(
        gateway,
        'outcome',
        (record) => record.type === 'outcome' && record.decisionId === decisionId && record.outcome === 'unlocked',
      );
      return;
    }
  });
});

it('stays shut for her badge and another face', async () => {
  await atTheKiosk(films.stranger, async (page) => {
    const decision = await badge();
    expect(decision).toMatchObject({ effect: 'deny', input: { context: { face: { verified: false } } } });
    expect(decision.reasons).toContain('face.mismatch');
    await page.getByText('You were not recognised', { exact: true }).waitFor();
  });
});

it('stays shut for her badge and her photograph on paper, brought nearer, turned and tipped', async () => {
  await atTheKiosk(films.print, async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await badge()).toMatchObject({ effect: 'deny', input: { context: { face: { verified: false, liveness: 'none' } } } });
    }
  });
});

it('opens by lease while the gateway is away, and tells it once when that is back', async () => {
  const released = async (): Promise<string> => readFile(beside.lock, 'utf8').catch(() => '');
  await until('the terminal is lent what it needs', ANSWER_MS * 2, () =>
    terminal.output().includes('terminal.lease_taken') ? true : null,
  );
  const before = terminal.output().length;
  await gateway.kill();
  await until('the terminal is alone', ANSWER_MS, () => /terminal\.gateway_unreachable/.exec(terminal.output().slice(before)));
  await atTheKiosk(films.ann, async () => {
    for (let attempt = 1; (await released()) === ''; attempt += 1) {
      expect(attempt).toBeLessThanOrEqual(TRIES_MAX);
      const said = terminal.output().length;
      await writeFile(beside.badges, 'H10301:7:1001\n');
      await until('the terminal has looked', ANSWER_MS, () => /terminal\.leased_(entry|refusal)/.exec(terminal.output().slice(said)));
    }
  });
  expect(await released()).toBe('500;');
  gateway = await startGateway(site.process);
  await until('the gateway is told', ANSWER_MS * 2, () => (terminal.output().includes('terminal.entries_told') ? true : null));
  const decisions = (await readLog(gateway, 'decision', 20)).flatMap(({ record }) =>
    record.type === 'decision' && record.mode === 'leased' ? [record] : [],
  );
  expect(decisions.at(-1)).toMatchObject({ effect: 'permit', personId: 'usr_ann', resourceId: 'front' });
  const outcomes = (await readLog(gateway, 'outcome', 20)).flatMap(({ record }) =>
    record.type === 'outcome' && record.detail.startsWith('leased ') ? [record.outcome] : [],
  );
  expect(outcomes.filter((outcome) => outcome === 'unlocked')).toHaveLength(1);
  expect(outcomes).toHaveLength(decisions.length);
  const alarms = (await readLog(gateway, 'alarm', 20)).flatMap(({ record }) => (record.type === 'alarm' ? [record.code] : []));
  expect(alarms.filter((code) => code.startsWith('face.lease'))).toEqual([]);
}, 180_000);

it('keeps a face on the person’s card alone, opens by it, and ends it with a receipt', async () => {
  await untilReadersAnswer(gateway);
  await atTheKiosk(films.ann, async (page) => {
    expect(await gateway.cli('terminal', 'enrol-face', terminalId, 'usr_ann', '--carried')).toMatchObject({ code: 0 });
    await page.getByRole('button', { name: 'I agree: on my card' }).click();
    await page.getByText('Your card knows your face now', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await readdir(join(folder, 'terminal', 'templates'))).toEqual([]);
    expect(await readFile(beside.card, 'utf8')).not.toContain('usr_ann');
    let decision = await badge();
    for (let attempt = 1; decision.effect === 'deny' && attempt < TRIES_MAX; attempt += 1) decision = await badge();
    expect(decision).toMatchObject({ effect: 'permit', input: { context: { face: { verified: true, liveness: 'active' } } } });
    expect(await gateway.cli('terminal', 'delete-face', terminalId, 'usr_ann')).toMatchObject({ code: 0 });
  });
  const [carried] = (await gateway.api.get('/api/face/templates', faceTemplatesSchema)).templates;
  expect(carried).toMatchObject({ storage: 'carried', status: 'deleted', hasReceipt: true });
}, 240_000);

it('keeps a face on the person’s phone alone, and opens by the phone and the face together', async () => {
  await untilReadersAnswer(gateway);
  let face = '';
  await atTheKiosk(films.ann, async (page) => {
    expect(await gateway.cli('terminal', 'enrol-face', terminalId, 'usr_ann', '--carried')).toMatchObject({ code: 0 });
    await page.getByRole('button', { name: 'I agree: on my phone' }).click();
    await page.getByText('Take your face with your phone', { exact: true }).waitFor({ timeout: 60_000 });
    face = await readKioskLink(page);
    await expectAccessible(page, { colorSchemes: ['light'] });
  });
  expect(face.startsWith(`${gateway.url}/me/face#`)).toBe(true);
  const { url: enrolment } = await gateway.api.post('/api/people/usr_ann/enrolment', {}, enrolmentLinkSchema);
  const film = join(folder, 'phone.y4m');
  await writeFilm(film, await phoneThenFaceFilm(await takeFaceWithPhone({ enrolment, face }), ann));
  await atTheKiosk(film, async (page) => {
    await page.getByText('Your phone has your face now', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await readdir(join(folder, 'terminal', 'templates'))).toEqual([]);
    let decision = await badge();
    for (let attempt = 1; decision.effect === 'deny' && attempt < TRIES_MAX; attempt += 1) decision = await badge();
    expect(decision).toMatchObject({ effect: 'permit', input: { context: { face: { verified: true, liveness: 'active' } } } });
  });
  // Her face without her phone: nothing is there to compare it with.
  await atTheKiosk(films.ann, async (page) => {
    const decided = badgeOnce();
    await page.getByText('Hold the face code on your phone to the camera', { exact: true }).waitFor();
    expect(await decided).toMatchObject({ effect: 'deny', reasons: ['face.not_enrolled'] });
  });
}, 240_000);
