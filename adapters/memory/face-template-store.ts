import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_TEMPLATES_MAX, type EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import { FACE_TEMPLATE_PAGE_MAX, type FaceTemplateStore } from '#gateway/ports/face-template-store.ts';

const isLater = (a: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'>, b: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'>): boolean =>
  a.enrolledAtMs === b.enrolledAtMs ? a.id > b.id : a.enrolledAtMs > b.enrolledAtMs;

export function createMemoryFaceTemplateStore(limits = { templatesMax: FACE_TEMPLATES_MAX }): FaceTemplateStore {
  const templates = new Map<string, EnrolledTemplate>();
  const latestFirst = (): EnrolledTemplate[] => [...templates.values()].sort((a, b) => (isLater(a, b) ? -1 : 1));
  return {
    add: async (template) => {
      if (templates.has(template.id) || templates.size >= limits.templatesMax)
        throw new GatewayError('store.conflict', 'This template is known already, or there are too many.');
      for (const one of templates.values()) {
        const isBefore = one.personId === template.personId && one.deviceId === template.deviceId && one.status === 'kept';
        if (isBefore) templates.set(one.id, { ...one, status: 'replaced', endedAtMs: template.enrolledAtMs });
      }
      templates.set(template.id, template);
    },
    markDeleted: async (id, { atMs, deviceId, receipt }) => {
      const found = templates.get(id);
      if (found?.status !== 'kept' || found.deviceId !== deviceId) return false;
      templates.set(id, { ...found, status: 'deleted', endedAtMs: atMs, receipt });
      return true;
    },
    orderDeletion: async (id, atMs) => {
      const found = templates.get(id);
      if (found?.status !== 'kept' || found.deletionOrderedAtMs !== null) return false;
      templates.set(id, { ...found, deletionOrderedAtMs: atMs });
      return true;
    },
    openDeletions: async () =>
      [...templates.values()]
        .filter(({ deletionOrderedAtMs, status }) => status === 'kept' && deletionOrderedAtMs !== null)
        .sort((a, b) => (a.deletionOrderedAtMs ?? 0) - (b.deletionOrderedAtMs ?? 0) || (a.id < b.id ? -1 : 1))
        .slice(0, FACE_TEMPLATE_PAGE_MAX),
    keptBy: async (deviceId) =>
      [...templates.values()]
        .filter(
          (one) => one.deviceId === deviceId && one.status === 'kept' && one.storage === 'terminal' && one.deletionOrderedAtMs === null,
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, FACE_TEMPLATE_PAGE_MAX),
    find: async (id) => templates.get(id) ?? null,
    ofPerson: async (personId) => latestFirst().filter((one) => one.personId === personId),
    page: async ({ before, limit }) =>
      latestFirst()
        .filter((one) => before === null || isLater(before, one))
        .slice(0, limit),
    counts: async (nowMs) => {
      const kept = Map.groupBy(
        [...templates.values()].filter(({ status, storage }) => status === 'kept' && storage === 'terminal'),
        ({ deviceId }) => deviceId,
      );
      return [...kept]
        .map(([deviceId, ones]) => ({ deviceId, kept: ones.length, expired: ones.filter((one) => one.expiresAtMs <= nowMs).length }))
        .sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
    },
  };
}
