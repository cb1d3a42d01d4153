import type { Express, Response } from 'express';
import type { z } from 'zod';
import { emptySchema, reasonBodySchema } from '#gateway/http/contract/common.ts';
import * as contract from '#gateway/http/contract/face.ts';
import * as atReaders from '#gateway/http/contract/reader-templates.ts';
import type { LogRecord } from './fake-world.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PACK = '4f1d0c8e2b7a9d5531aa04e6c7b8f2d9e0a1c3b5d7f9182736455463728190ab';

export interface FakeFaces {
  terminals: contract.FaceTerminal[];
  templates: contract.FaceTemplateRow[];
  /** What terminals were asked to do. */
  readonly orders: { readonly deviceId: string; readonly kind: string; readonly personId: string; readonly storage: string | undefined }[];
  /** Whom readers that compare themselves can compare. */
  scanned: atReaders.EnrolledAtReader[];
  /** How the next scan ends. */
  scan: 'done' | 'timeout' | 'unavailable' | 'unusable';
}

export function someFaces(nowMs = Date.now()): FakeFaces {
  const terminal = {
    packHash: PACK,
    status: 'active',
    enrolledAtMs: nowMs - 40 * DAY_MS,
    kept: 0,
    expired: 0,
    camera: 'unknown',
    outcomes: [],
  } as const;
  const template = {
    storage: 'terminal',
    packHash: PACK,
    isOfOtherPack: false,
    enrolledAtMs: nowMs - 30 * DAY_MS,
    endedAtMs: null,
  } as const;
  return {
    terminals: [
      {
        ...terminal,
        id: 'fdv_main',
        readerId: 'dor_main_in',
        label: 'Main entrance camera',
        isListening: true,
        seenAtMs: nowMs - 4_000,
        kept: 3,
        expired: 1,
        outcomes: [
          { atMs: nowMs - 60_000, result: 'verified' },
          { atMs: nowMs - 120_000, result: 'challenge_failed' },
          { atMs: nowMs - 180_000, result: 'face.replayed' },
        ],
      },
      {
        ...terminal,
        outcomes: [],
        id: 'fdv_cage',
        readerId: 'dor_cage_in',
        label: 'Parts cage',
        isListening: false,
        seenAtMs: nowMs - HOUR_MS,
      },
      {
        ...terminal,
        outcomes: [],
        id: 'fdv_old',
        readerId: 'dor_main_in',
        label: 'Old camera',
        isListening: false,
        seenAtMs: null,
        status: 'revoked',
      },
    ],
    templates: [
      {
        ...template,
        id: 'tpl_ben',
        personId: 'usr_ben',
        personName: 'Ben Aalto',
        deviceId: 'fdv_main',
        expiresAtMs: nowMs + 700 * DAY_MS,
        deletionOrderedAtMs: null,
        status: 'kept',
        hasReceipt: false,
      },
      {
        ...template,
        id: 'tpl_dev',
        personId: 'usr_dev',
        personName: 'Dev Narayan',
        deviceId: 'fdv_main',
        expiresAtMs: nowMs - DAY_MS,
        deletionOrderedAtMs: null,
        status: 'kept',
        hasReceipt: false,
      },
      {
        ...template,
        id: 'tpl_left',
        personId: 'usr_left',
        personName: 'Lena Quist',
        deviceId: 'fdv_main',
        expiresAtMs: nowMs + DAY_MS,
        deletionOrderedAtMs: nowMs - DAY_MS,
        status: 'kept',
        hasReceipt: false,
      },
      {
        ...template,
        id: 'tpl_ben_card',
        personId: 'usr_ben',
        personName: 'Ben Aalto',
        deviceId: 'fdv_main',
        storage: 'carried',
        expiresAtMs: nowMs + 690 * DAY_MS,
        deletionOrderedAtMs: null,
        status: 'kept',
        hasReceipt: false,
      },
      {
        ...template,
        id: 'tpl_ben_was',
        personId: 'usr_ben',
        personName: 'Ben Aalto',
        deviceId: 'fdv_cage',
        storage: 'carried',
        expiresAtMs: nowMs + 600 * DAY_MS,
        deletionOrderedAtMs: nowMs - 9 * DAY_MS,
        status: 'deleted',
        endedAtMs: nowMs - 9 * DAY_MS,
        hasReceipt: true,
      },
      {
        ...template,
        id: 'tpl_gone',
        personId: 'usr_gone',
        personName: null,
        deviceId: 'fdv_old',
        expiresAtMs: nowMs + DAY_MS,
        deletionOrderedAtMs: null,
        status: 'deleted',
        endedAtMs: nowMs - 2 * DAY_MS,
        hasReceipt: true,
      },
    ],
    orders: [],
    scanned: [
      { personId: 'usr_ben', personName: 'Ben Aalto', enrolledAtMs: nowMs - 30 * DAY_MS, expiresAtMs: nowMs + 700 * DAY_MS },
      { personId: 'usr_gone', personName: null, enrolledAtMs: nowMs - 731 * DAY_MS, expiresAtMs: nowMs - DAY_MS },
    ],
    scan: 'done',
  };
}

/** What the log says when something became of a person's face. */
export const faceRecord = (personId: string, cause: string): LogRecord => ({
  type: 'credential',
  occurredAtMs: Date.now(),
  event: cause === 'enrol:done' ? 'enrolled' : cause === 'delete:done' ? 'revoked' : 'authentication_failed',
  kind: 'face_template',
  personId,
  credentialId: null,
  cause,
  operatorId: null,
});

/** Terminals and the book of templates; what is done to them is seen at the next look. */
export function fakeFaceRoutes(app: Express, faces: FakeFaces, answer: Answer): void {
  app.get('/api/face/terminals', (_request, response) => answer(response, contract.faceTerminalsSchema, { terminals: faces.terminals }));
  app.get('/api/face/templates', (_request, response) =>
    answer(response, contract.faceTemplatesSchema, { templates: faces.templates, next: null }),
  );
  app.get('/api/face/people/:id/templates', (request, response) => {
    const own = faces.templates.filter(({ personId }) => personId === request.params.id);
    const [kept, ended] = [true, false].map((isKept) => own.filter(({ status }) => (status === 'kept') === isKept));
    answer(response, contract.facesOfPersonSchema, { templates: [...(kept ?? []), ...(ended ?? [])] });
  });
  app.get('/api/face/templates/:id/receipt', (request, response) => {
    const isCarried = faces.templates.some(({ id, storage }) => id === request.params.id && storage === 'carried');
    const signed = `${'a'.repeat(180)}.${'b'.repeat(86)}`;
    answer(response, contract.faceReceiptSchema, {
      receipt: isCarried ? `eyJhbGciOiJFZERTQSJ9.${signed}` : `eyJhbGciOiJFUzI1NiJ9.${signed}`,
      publicKey: isCarried
        ? { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) }
        : { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
    });
  });
  app.post('/api/face/templates/:id/end', (request, response) => {
    reasonBodySchema.parse(request.body);
    const nowMs = Date.now();
    faces.templates = faces.templates.map((one) => {
      if (one.id !== request.params.id || one.status !== 'kept') return one;
      const ordered = { ...one, deletionOrderedAtMs: nowMs };
      return one.storage === 'carried' ? { ...ordered, status: 'deleted', endedAtMs: nowMs, hasReceipt: true } : ordered;
    });
    const template = faces.templates.find(({ id }) => id === request.params.id);
    if (template !== undefined) answer(response, contract.faceEndedSchema, { template });
  });
  app.post('/api/face/terminals/offers', (request, response) => {
    contract.faceOfferBodySchema.parse(request.body);
    answer(response.status(201), contract.faceOfferSchema, { code: 'Q2x1ZS1vbmUtdGltZS0x', expiresAtMs: Date.now() + 900_000 });
  });
  app.post('/api/face/terminals/:id/revoke', (request, response) => {
    faces.terminals = faces.terminals.map((one) =>
      one.id === request.params.id ? { ...one, status: 'revoked', isListening: false } : one,
    );
    answer(response, emptySchema, {});
  });
  app.post('/api/face/terminals/:id/orders', (request, response) => {
    const { kind, personId, storage } = contract.faceOrderBodySchema.parse(request.body);
    faces.orders.push({ deviceId: request.params.id, kind, personId, storage });
    answer(response.status(202), contract.faceOrderedSchema, { orderId: 'ord_1' });
  });
}

/** Readers that compare themselves. What a scan gave is seen at the next look. */
export function fakeReaderTemplateRoutes(app: Express, faces: FakeFaces, answer: Answer): void {
  app.get('/api/face/readers/:id/templates', (_request, response) =>
    answer(response, atReaders.enrolledAtReaderSchema, { people: faces.scanned, next: null }),
  );
  app.post('/api/face/readers/:id/templates', (request, response) => {
    const { personId } = atReaders.readerScanBodySchema.parse(request.body);
    const nowMs = Date.now();
    if (faces.scan === 'done')
      faces.scanned = [
        ...faces.scanned,
        { personId, personName: 'Elias Fontaine', enrolledAtMs: nowMs, expiresAtMs: nowMs + 730 * DAY_MS },
      ];
    answer(response, atReaders.readerScannedSchema, { result: faces.scan });
  });
  app.get('/api/face/people/:id/reader-templates', (request, response) => {
    const own = faces.scanned.filter(({ personId }) => personId === request.params.id);
    const templates = own.map(({ enrolledAtMs, expiresAtMs }) => ({ type: 2, format: 2, enrolledAtMs, expiresAtMs }));
    answer(response, atReaders.readerTemplatesSchema, { templates });
  });
  app.post('/api/face/people/:id/reader-templates/delete', (request, response) => {
    reasonBodySchema.parse(request.body);
    const before = faces.scanned.length;
    faces.scanned = faces.scanned.filter(({ personId }) => personId !== request.params.id);
    answer(response, atReaders.readerTemplatesDeletedSchema, { removed: before - faces.scanned.length });
  });
}
