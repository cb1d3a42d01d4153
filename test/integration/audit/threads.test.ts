import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { AUDIT_READ_MAX, type AuditEntry } from '#gateway/ports/audit-log.ts';
import { openTemporaryAuditLog } from '#test/support/audit-log-file.ts';
import { decisionOfBytes, someDecision } from '#test/support/audit-records.ts';
import { eventually } from '#test/support/eventually.ts';

const APPENDS = 200;

describe('the log of several threads', () => {
  it('is one chain, and every thread hears of the entries of all in order', async () => {
    const { log, file } = await openTemporaryAuditLog();
    const heard: AuditEntry[] = [];
    log.subscribe((entry) => heard.push(entry));
    const port = log.connect();
    const thread = new Worker(new URL('./connected-thread.ts', import.meta.url), {
      workerData: { port, file, appends: APPENDS, hears: 2 * APPENDS },
      transferList: [port],
    });
    const heardByThread = once(thread, 'message');
    await once(thread, 'online');
    // Not before the thread listens, or it rightly hears less.
    await eventually(() => expect(heard.length).toBeGreaterThan(0));
    await Promise.all(Array.from({ length: APPENDS }, (_, index) => log.append(someDecision(`decision_main_${index}`))));

    const entries = await eventually(async () => {
      const all = await log.read({ from: { afterSeq: 0 }, limit: AUDIT_READ_MAX });
      expect(all).toHaveLength(2 * APPENDS);
      return all;
    });
    await eventually(() => expect(heard).toEqual(entries));
    expect((await heardByThread)[0]).toEqual(entries.map(({ seq, hash }) => ({ seq, hash })));
    expect(await log.verify()).toMatchObject({ ok: true, entries: 2 * APPENDS });
    thread.postMessage('close');
    await once(thread, 'exit');
    expect(await log.append(someDecision('decision_after'))).toMatchObject({ seq: 2 * APPENDS + 1 });
  });

  it('has one writer: a second opening is refused until the first is closed', async () => {
    const { log, file } = await openTemporaryAuditLog();
    await log.append(someDecision('decision_1'));
    await expect(openAuditLog({ file })).rejects.toMatchObject({ code: 'audit.unavailable' });
    await log.close();
    const next = await openAuditLog({ file });
    expect(await next.append(someDecision('decision_2'))).toMatchObject({ seq: 2 });
    await next.close();
  });

  it('cannot be opened where no file can be', async () => {
    await expect(openAuditLog({ file: '/no-such-folder/audit.db' })).rejects.toMatchObject({ code: 'audit.unavailable' });
  });
});

describe('the log when it cannot write', () => {
  it('refuses appends on a full disk, and keeps what it acknowledged', async () => {
    const { log } = await openTemporaryAuditLog({ pagesMax: 40 });
    let acknowledged = 0;
    const appendUntilFull = async (): Promise<void> => {
      for (;;) acknowledged = (await log.append(decisionOfBytes(8_000))).seq;
    };
    await expect(appendUntilFull()).rejects.toMatchObject({ code: 'audit.unavailable' });
    await expect(log.append(decisionOfBytes(8_000))).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(acknowledged).toBeGreaterThan(0);
    expect(await log.headSeq()).toBe(acknowledged);
    expect(await log.verify()).toMatchObject({ ok: true, headSeq: acknowledged });
  });

  it('fails everything from the moment its writer ends, in every thread, and tells its owner', async () => {
    const onFailure = vi.fn();
    const { log, file } = await openTemporaryAuditLog({ onFailure });
    await log.append(someDecision('decision_1'));
    const intruder = new DatabaseSync(file);
    intruder.exec(
      "INSERT INTO audit_entries (seq, arrived_at_ms, type, record_json, previous_hash, hash) VALUES (2, 0, 'alarm', '{}', '', '')",
    );
    intruder.close();
    const appends = await Promise.allSettled(Array.from({ length: 20 }, () => log.append(someDecision('decision_2'))));
    expect(appends.map((append) => append.status)).toEqual(Array.from({ length: 20 }, () => 'rejected'));
    await expect(log.append(someDecision('decision_3'))).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(log.isWritable()).toBe(false);
    await eventually(() => expect(onFailure).toHaveBeenCalledOnce());
    await log.close();
  });
});
