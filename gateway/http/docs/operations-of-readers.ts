import { emptySchema } from '../contract/common.ts';
import {
  begunSchema,
  cancelledSchema,
  conditionsSchema,
  fileQuerySchema,
  lineBodySchema,
  lineTestBodySchema,
  operationDetailSchema,
  operationsSchema,
  pairBodySchema,
  rotationBodySchema,
} from '../contract/reader-operations.ts';
import { readerDetailSchema, readerFramesSchema, readerLinesSchema, readersSchema } from '../contract/readers.ts';
import type { Operations } from './operation.ts';

export const operationsOfReaders: Operations = {
  tag: 'Readers',
  base: '/api',
  operations: [
    ['get /reader-operations', 'Operations at readers', { answer: operationsSchema }],
    ['get /reader-operations/:id', 'One operation', { answer: operationDetailSchema }],
    ['get /reader-conditions', 'Conditions of readers that want somebody', { answer: conditionsSchema }],
    ['post /reader-operations/rotation', 'Begin to change the keys of readers', { body: rotationBodySchema, answer: begunSchema }],
    ['post /reader-operations/line-test', 'Begin to test a line', { body: lineTestBodySchema, answer: begunSchema }],
    ['post /reader-operations/:id/cancel', 'Give an operation up', { body: emptySchema, answer: cancelledSchema }],
    ['post /readers/:id/pairing', 'Begin to pair a reader', { body: pairBodySchema, answer: begunSchema }],
    ['post /readers/:id/line', "Begin to change a reader's address or speed", { body: lineBodySchema, answer: begunSchema }],
    ['post /readers/:id/file', 'Send a file to a reader', { body: 'file', query: fileQuerySchema, answer: begunSchema }],
    ['get /readers', 'Readers', { answer: readersSchema }],
    ['get /reader-lines', 'OSDP lines', { answer: readerLinesSchema }],
    ['get /readers/:id', 'One reader', { answer: readerDetailSchema }],
    ['get /readers/:id/frames', 'Frames of a reader', { query: ['after'], answer: readerFramesSchema }],
  ],
};
