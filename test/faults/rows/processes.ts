import { ASKED, type Row } from '../row.ts'
import { chunk, DONE, FINISH, LAST_CHUNK, say, send, STALL, streamHead, wait } from '../script.ts'

const STREAMED = { body: { stream: true } }
const BEGUN = [send(streamHead()), send(chunk(say('Hello')))]
const TERM = { do: 'signal', name: 'SIGTERM' } as const
const INT = { do: 'signal', name: 'SIGINT' } as const
const SOME_SECONDS = [...BEGUN, wait(1_500), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]
const PLATFORM = 'workerd drains by itself, and has no such limit and no such second signal'
const NO_ADDRESS = 'a Worker has no address of its own'

/** What happens to the process. */
export const PROCESSES: readonly Row[] = [
  {
    id: 'K7a',
    title: 'told to listen everywhere without a key: refuses to start',
    starts: {
      variables: { HOST: '0.0.0.0', GATEWAY_API_KEYS: '' },
      exit: 78,
      says: /Cannot (read the configuration|listen).*GATEWAY_API_KEYS/s,
    },
    request: {},
    expect: {},
    skip: { workers: NO_ADDRESS },
  },
  {
    id: 'K8a',
    title: 'a port that is in use: says so',
    starts: { variables: { PORT: 'taken' }, exit: 1, says: /in use|AddrInUse/ },
    request: {},
    expect: {},
    skip: {
      workers: NO_ADDRESS,
      deno: '`deno serve` itself listens, and has its own words for it',
    },
  },
  {
    id: 'K9a',
    title: 'SIGTERM amid 50 streams: all of them end as they should, then it ends',
    gateway: 'patient',
    alone: true,
    fresh: true,
    script: [SOME_SECONDS],
    request: {
      ...STREAMED,
      times: 50,
      parallel: 50,
      steps: [ASKED, { do: 'until', text: 'Hello' }, { do: 'wait', ms: 600 }, TERM],
    },
    expect: { status: 200, text: 'Hello', ends: 'done', exit: 0, deliveries: [50, 50] },
  },
  {
    id: 'K9b',
    title: 'SIGTERM amid a stream that does not end: told so at the limit, then it ends',
    gateway: 'hasty',
    alone: true,
    fresh: true,
    script: [[...BEGUN, STALL]],
    request: { ...STREAMED, steps: [ASKED, { do: 'until', text: 'Hello' }, TERM] },
    expect: {
      status: 200,
      ends: 'error',
      code: 'overloaded',
      took: [900, 4_000],
      exit: 0,
    },
    skip: { workers: PLATFORM },
  },
  {
    id: 'K9c',
    title: 'a second SIGTERM: ends at once',
    alone: true,
    fresh: true,
    script: [[...BEGUN, STALL]],
    request: {
      ...STREAMED,
      steps: [
        ASKED,
        { do: 'until', text: 'Hello' },
        TERM,
        { do: 'wait', ms: 500 },
        TERM,
      ],
    },
    expect: { byRuntime: true, took: [500, 2_000], exit: 1 },
    skip: { workers: PLATFORM },
  },
  {
    id: 'K9d',
    title: 'new requests while it drains: 503, or no connection',
    gateway: 'patient',
    alone: true,
    fresh: true,
    script: [[...BEGUN, wait(2_500), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]],
    request: {
      ...STREAMED,
      steps: [ASKED, { do: 'until', text: 'Hello' }, TERM],
    },
    expect: { status: 200, ends: 'done', exit: 0, deliveries: [1, 1] },
    beside: {
      afterMs: 1_200,
      request: { times: 3 },
      expect: { byRuntime: true, status: [503, undefined], code: ['overloaded', undefined] },
    },
  },
  {
    id: 'K9e',
    title: 'SIGINT without requests: ends at once',
    alone: true,
    fresh: true,
    request: { method: 'GET', path: '/health', steps: [ASKED, { do: 'wait', ms: 200 }, INT] },
    expect: { status: 200, exit: 0 },
    skip: { workers: PLATFORM },
  },
  {
    id: 'K10',
    title: 'nobody reads its log any more (EPIPE): it goes on',
    alone: true,
    fresh: true,
    script: [[...BEGUN, send(chunk(FINISH + DONE)), send(LAST_CHUNK)]],
    request: { ...STREAMED, times: 5, steps: [{ do: 'deafen' }, ASKED] },
    expect: { status: 200, text: 'Hello', ends: 'done', deliveries: [5, 5] },
  },
]
