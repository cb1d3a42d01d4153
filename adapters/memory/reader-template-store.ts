import { GatewayError } from '#gateway/domain/errors.ts';
import { READER_TEMPLATES_MAX, type ReaderTemplate } from '#gateway/domain/face/reader-match.ts';
import type { ReaderTemplateStore } from '#gateway/ports/reader-template-store.ts';

export function createMemoryReaderTemplateStore(limits = { templatesMax: READER_TEMPLATES_MAX }): ReaderTemplateStore {
  const kept = new Map<string, { readonly template: ReaderTemplate; readonly bytes: Uint8Array }>();
  const keyOf = ({ format, personId, type }: Pick<ReaderTemplate, 'personId' | 'type' | 'format'>): string =>
    JSON.stringify([personId, type, format]);
  const removeWhere = (isGone: (template: ReaderTemplate) => boolean): number => {
    const gone = [...kept].filter(([, { template }]) => isGone(template));
    for (const [key, { bytes }] of gone) {
      bytes.fill(0);
      kept.delete(key);
    }
    return gone.length;
  };
  return {
    async find(personId, { format, type }, nowMs) {
      const found = kept.get(keyOf({ personId, type, format }));
      return found === undefined || nowMs >= found.template.expiresAtMs ? null : Uint8Array.from(found.bytes);
    },
    async save(template, bytes) {
      const key = keyOf(template);
      if (!kept.has(key) && kept.size >= limits.templatesMax) throw new GatewayError('store.conflict', 'There are too many templates.');
      kept.set(key, { template, bytes: Uint8Array.from(bytes) });
    },
    remove: async (personId) => removeWhere((template) => template.personId === personId),
    ofPerson: async (personId) => [...kept.values()].map(({ template }) => template).filter((one) => one.personId === personId),
    page: async ({ format, type }, { after, limit }) =>
      [...kept.values()]
        .map(({ template }) => template)
        .filter((one) => one.type === type && one.format === format && (after === null || one.personId > after))
        .toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
        .slice(0, limit),
    persons: async () => [...new Set([...kept.values()].map(({ template }) => template.personId))].toSorted(),
    removeExpired: async (nowMs) => removeWhere(({ expiresAtMs }) => nowMs >= expiresAtMs),
  };
}
