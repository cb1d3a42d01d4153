import { z } from 'zod';

export const id = z.string().min(1).max(128);
export const nullableId = id.nullable();
export const occurredAtMs = z.int().min(0);
