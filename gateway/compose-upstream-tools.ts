import { toPendingChange, type DirectoryChange } from './app/people/directory-change.ts';
import type { UpstreamTools } from './cli/upstream-tools.ts';
import type { Records } from './compose-records.ts';
import { personFacts } from './domain/people/directory-facts.ts';
import type { PersonId } from './domain/site/ids.ts';
import type { Config } from './platform/config/config.ts';
import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';
import { upstreamSecretName } from './upstream/client-credentials.ts';

interface Parts {
  readonly withRecords: <T>(config: Config, work: (records: Records) => Promise<T>) => Promise<T>;
  readonly sources: { readonly clock: Clock; readonly random: Random };
}

/** Recorded before it is stored, as everything at the host. */
export function createUpstreamTools({ sources, withRecords }: Parts): UpstreamTools {
  const recordFirst = async ({ pendingRecords }: Records, change: DirectoryChange): Promise<void> => {
    const pending = toPendingChange(change, sources);
    await pendingRecords.add(pending === null ? [] : [pending]);
  };
  return {
    writeSecret: (config, upstreamId, secret) =>
      withRecords(config, async (records) => {
        const name = upstreamSecretName(upstreamId);
        const isNew = !(await records.secrets.names(name)).includes(name);
        const subject = { subjectType: 'client', subjectId: `upstream:${upstreamId}`, personId: null } as const;
        await recordFirst(records, { ...subject, before: isNew ? null : [], after: [], unnamed: ['secret'] });
        const bytes = new TextEncoder().encode(secret);
        await records.secrets.write(name, bytes);
        bytes.fill(0);
        return { isNew };
      }),
    forgetAccount: (config, upstreamId, person) =>
      withRecords(config, async (records) => {
        const { people, upstream } = records;
        // Branded where it enters; it is looked up at once.
        const found = person.includes('@') ? await people.findByEmail(person) : await people.find(person as PersonId);
        if (found === null) return { ok: false, code: 'person.unknown' };
        if ((await upstream.linkOfPerson(upstreamId, found.id)) === null) return { ok: false, code: 'account.unknown' };
        const facts = personFacts(found);
        const subject = { subjectType: 'person', subjectId: found.id, personId: found.id } as const;
        await recordFirst(records, { ...subject, before: facts, after: facts, unnamed: ['upstream_account'] });
        await upstream.removeLink(upstreamId, found.id);
        return { ok: true };
      }),
  };
}
