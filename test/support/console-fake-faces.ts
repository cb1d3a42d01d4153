import type { Express, Response } from 'express';
import type { z } from 'zod';
import { emptySchema } from '#gateway/http/contract/common.ts';
import * as contract from '#gateway/http/contract/face.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PACK = '4f1d0c8e2b7a9d5531aa04e6c7b8f2d9e0a1c3b5d7f9182736455463728190ab';

export interface FakeFaces {
  terminals: contract.FaceTerminal[];
  templates: contract.FaceTemplateRow[];
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
  };
}

/** Terminals and the book of templates; what is done to them is seen at the next look. */
export function fakeFaceRoutes(app: Express, faces: FakeFaces, answer: Answer): void {
  app.get('/api/face/terminals', (_request, response) => answer(response, contract.faceTerminalsSchema, { terminals: faces.terminals }));
  app.get('/api/face/templates', (_request, response) =>
    answer(response, contract.faceTemplatesSchema, { templates: faces.templates, next: null }),
  );
  app.get('/api/face/templates/:id/receipt', (_request, response) =>
    answer(response, contract.faceReceiptSchema, {
      receipt: `eyJhbGciOiJFUzI1NiJ9.${'a'.repeat(180)}.${'b'.repeat(86)}`,
      publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
    }),
  );
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
    const { kind, personId } = contract.faceOrderBodySchema.parse(request.body);
    const { id } = request.params;
    if (kind === 'delete') {
      faces.templates = faces.templates.map((one) =>
        one.deviceId === id && one.personId === personId ? { ...one, status: 'deleted', endedAtMs: Date.now(), hasReceipt: true } : one,
      );
    }
    answer(response.status(202), contract.faceOrderedSchema, { orderId: 'ord_1' });
  });
}
