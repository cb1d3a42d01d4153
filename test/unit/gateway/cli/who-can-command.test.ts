import { describe, expect, it } from 'vitest';
import { atGateway as startGateway, type FakeAnswers } from '#test/support/command-at-gateway.ts';

const NAMES = {
  people: { usr_ann: 'Ann Lee' },
  doors: { front: 'Front door', wiki: 'Wiki room' },
  readers: {},
  areas: {},
  apps: { wiki: 'Wiki', notes: 'Notes' },
  sites: {},
};
const FOUND = {
  action: 'door.unlock',
  people: [
    { personId: 'usr_ann', conditions: ['extended_open_time'] },
    { personId: 'usr_new', conditions: [] },
  ],
  considered: 9,
  hasMore: false,
  tookMs: 12.3,
};

const atGateway = (answers: FakeAnswers) => startGateway({ 'GET /api/directory': { body: NAMES }, ...answers });

describe('gatehouse who-can', () => {
  it('lists who can open a door by the beginning of its name', async () => {
    const { api, run } = await atGateway({ 'GET /api/doors/front/who-can': { body: FOUND } });
    const { exitCode, out } = await run('who-can', 'fro');
    expect(exitCode).toBe(0);
    expect(out).toContain('Ann Lee');
    expect(out).toContain('extended open time');
    expect(out).toContain('2 of 9 people can open Front door now (12 ms)');
    expect(api.requests.at(-1)).toBe('GET /api/doors/front/who-can');
  });

  it('lists who can sign in to an app, for scripts as it came', async () => {
    const answer = { ...FOUND, action: 'app.login', hasMore: true };
    const { run } = await atGateway({ 'GET /api/apps/notes/who-can': { body: answer } });
    expect((await run('who-can', 'notes')).out).toContain('more than 2 of 9 people can sign in to Notes now');
    expect(JSON.parse((await run('who-can', 'notes', '--json')).out)).toEqual(answer);
  });

  it('asks which one is meant when a door and an app have one name, and takes the kind with it', async () => {
    const { run } = await atGateway({ 'GET /api/apps/wiki/who-can': { body: FOUND } });
    const { exitCode, err } = await run('who-can', 'wik');
    expect(exitCode).toBe(2);
    expect(err).toContain('doors/wiki');
    expect((await run('who-can', 'apps/wiki')).out).toContain('sign in to Wiki');
  });

  it.each(['door:front', 'app:notes'])('takes %s as access profiles write it', async (name) => {
    const { run } = await atGateway({ 'GET /api/doors/front/who-can': { body: FOUND }, 'GET /api/apps/notes/who-can': { body: FOUND } });
    expect(await run('who-can', name)).toMatchObject({ exitCode: 0 });
  });

  it.each(['nothing', 'constructor', '__proto__', 'door:nothing'])('says that there is no %s, and what there is', async (name) => {
    const { run } = await atGateway({});
    const err = `gatehouse: there is no door or app ${name}; there are doors/front, doors/wiki, apps/wiki, apps/notes\n`;
    expect(await run('who-can', name)).toMatchObject({ exitCode: 1, err });
  });
});
