import type { Express, Response } from 'express';
import type { z } from 'zod';
import type * as admin from '#gateway/http/contract/admin.ts';
import { errorBodySchema } from '#gateway/http/contract/common.ts';
import type * as demoContract from '#gateway/http/contract/demo.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import type * as readers from '#gateway/http/contract/readers.ts';
import type { ImportBody, ImportReport } from '#gateway/http/contract/people-import.ts';
import type * as signIn from '#gateway/http/contract/sign-in.ts';

export type LogRecord = admin.Entry['record'];

/** What a test may change while the pages are open. */
export interface ConsoleFakeState {
  operator: { id: string; displayName: string; roles: string[] } | null;
  actions: string[];
  demo: boolean;
  people: admin.PersonView[];
  doors: admin.DoorView[];
  lines: readers.ReaderLineView[];
  reinstatement: admin.PersonDetail['reinstatement'];
  interaction: signIn.InteractionView | null;
  /** What a table of people leads to. */
  importReport: ((body: ImportBody) => ImportReport) | null;
  enrolmentOpen: boolean;
  networkZone: demoContract.DemoView['networkZone'];
  /** Path prefix -> the error that it answers instead. */
  readonly errors: Map<string, { status: number; code: string; message: string; decisionId?: string; field?: string }>;
  /** Path prefix -> how long its answer is held back. */
  readonly delaysMs: Map<string, number>;
  streamsRefused: boolean;
}

export interface World {
  readonly app: Express;
  readonly state: ConsoleFakeState;
  readonly log: admin.Entry[];
  readonly streams: Set<Response>;
  readonly push: (record: LogRecord) => void;
}

export function answer<T>(response: Response, schema: z.ZodType<T>, value: T): void {
  response.json(schema.parse(value));
}

export function refuse(response: Response, status: number, code: string, decisionId?: string): void {
  const message = explainReasons([code])[0]?.message ?? code;
  answer(response.status(status), errorBodySchema, { error: { code, message, ...(decisionId === undefined ? {} : { decisionId }) } });
}
