import { ASKED, type Row } from '../row.ts'
import {
  chunk,
  DONE,
  FINISH,
  LAST_CHUNK,
  say,
  send,
  STALL,
  streamHead,
  wait,
  waitFor,
} from '../script.ts'

const STREAMED = { body: { stream: true } }
const BEGUN = [send(streamHead()), send(chunk(say('Hello')))]
const TERM = { do: 'signal', name: 'SIGTERM' } as const
const INT = { do: 'signal', name: 'SIGINT' } as const
const END_OF_STREAM = [send(chunk(FINISH + DONE)), send(LAST_CHUNK)]
const DRAINING = { do: 'wait-for', condition: { type: 'draining' } } as const
const PLATFORM = 'workerd drains by itself, without this limit and without a second signal'
const NO_ADDRESS = 'a Worker has no address of its own'

/** Faults of the process and its surroundings. */
export const PROCESSES: readonly Row[] = [
  {
    id: 'F-K7a',
    title: 'a public address without a key: the process does not start',
    starts: {
      variables: { HOST: '0.0.0.0', GATEWAY_API_KEYS: '' },
      exit: 78,
      output: /Cannot (read the configuration|listen).*GATEWAY_API_KEYS/s,
    },
    request: {},
    expect: {},
    skip: { workers: NO_ADDRESS },
  },
  {
    id: 'F-K8a',
    title: 'a port that is in use: the process says so',
    starts: { variables: { PORT: 'taken' }, exit: 1, output: /in use|AddrInUse/ },
    request: {},
    expect: {},
    skip: {
      workers: NO_ADDRESS,
      deno: '`deno serve` listens itself and has its own message',
    },
  },
  {
    id: 'F-K9a',
    title: 'SIGTERM during 50 streams: all of them end normally, then the process ends',
    heavy: true,
    gateway: 'default',
    fresh: true,
    script: [[...BEGUN, waitFor({ type: 'signalled' }), wait(500), ...END_OF_STREAM]],
    request: {
      ...STREAMED,
      times: 50,
      parallel: 50,
      steps: [ASKED, {
        do: 'wait-for',
        condition: { type: 'received', text: 'Hello', clients: 50 },
      }, TERM],
    },
    expect: { status: 200, text: 'Hello', ends: 'done', exit: 0, deliveries: [50, 50] },
  },
  {
    id: 'F-K9b',
    title:
      'SIGTERM during a stalled stream: an error after the grace period, then the process ends',
    gateway: 'shortShutdown',
    fresh: true,
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'read-until', text: 'Hello' }, TERM] },
    expect: {
      status: 200,
      ends: 'error',
      code: 'overloaded',
      // Without the setting the process would take 30 s.
      took: [900, 29_000],
      exit: 0,
    },
    skip: { workers: PLATFORM },
  },
  {
    id: 'F-K9c',
    title: 'a second SIGTERM: the process ends at once',
    fresh: true,
    script: [[...BEGUN, STALL]],
    request: {
      ...STREAMED,
      steps: [
        ASKED,
        { do: 'read-until', text: 'Hello' },
        TERM,
        DRAINING,
        TERM,
      ],
    },
    // After the first signal alone it would end with 0.
    expect: { byRuntime: true, exit: 1 },
    skip: { workers: PLATFORM },
  },
  {
    id: 'F-K9d',
    title: 'new requests after SIGTERM: 503, or no connection',
    gateway: 'default',
    fresh: true,
    script: [[...BEGUN, waitFor({ type: 'draining' }), wait(2_000), ...END_OF_STREAM]],
    request: {
      ...STREAMED,
      steps: [ASKED, { do: 'read-until', text: 'Hello' }, TERM],
    },
    expect: { status: 200, ends: 'done', exit: 0, deliveries: [1, 1] },
    others: {
      after: { type: 'draining' },
      request: { times: 3 },
      expect: { byRuntime: true, status: [503, undefined], code: ['overloaded', undefined] },
    },
  },
  {
    id: 'F-K9e',
    title: 'SIGINT without requests: the process ends at once',
    fresh: true,
    // Long enough for the answer on a busy machine.
    request: { method: 'GET', path: '/health', steps: [ASKED, { do: 'wait', ms: 2_000 }, INT] },
    expect: { status: 200, exit: 0 },
    skip: { workers: PLATFORM },
  },
  {
    id: 'F-K10',
    title: 'the reader of its log is gone (EPIPE): the process continues',
    fresh: true,
    script: [[...BEGUN, ...END_OF_STREAM]],
    request: { ...STREAMED, times: 5, steps: [{ do: 'close-log' }, ASKED] },
    expect: { status: 200, text: 'Hello', ends: 'done', deliveries: [5, 5] },
  },
]
