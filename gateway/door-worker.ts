import { parentPort, workerData } from 'node:worker_threads';
import { composeDoorNode, type DoorThreadData } from './compose-door-node.ts';

if (parentPort === null) throw new TypeError('door-worker.ts runs as a thread of the gateway');
// The gateway's own main thread wrote it.
await composeDoorNode(workerData as DoorThreadData, parentPort);
