import type { Job } from './job.ts'

/** One kind of load: a `Job` without the server and the duration. */
export interface Scenario {
  name: ScenarioName
  title: string
  /** The measured subjects, in order. */
  subjects: readonly Subject[]
  /** Factor for the duration of the window. */
  stretch: number
  /** Milliseconds of the same load before each window. */
  warmUp: number
  /** Uses OCI's OpenAI endpoint, whose answers the gateway passes on. */
  relayed: boolean
  /**
   * Streams start before the window and end after it, so that only their chunks are measured. The
   * subjects are measured concurrently, because the speed of the machine varies.
   */
  steady: boolean
  /** Whether Portkey is measured, too: in each round, with each runtime. */
  hasPeer: boolean
  job: Pick<Job, 'model' | 'chunks' | 'kilobytes' | 'connections' | 'perSecond'>
}

export type ScenarioName =
  | 'single'
  | 'many'
  | 'large'
  | 'streams'
  | 'burst'
  | 'paced'
  | 'relayed'
  | 'relayed-steady'
  | 'first-word'

/**
 * The gateway, the raw pipe, the pipe through JavaScript (see `pipe.ts`), the upstream itself, and
 * Portkey, another gateway (see `portkey.ts`).
 */
export type Subject = 'gateway' | 'pipe' | 'javascript' | 'direct' | 'portkey'

const USUAL = { stretch: 1, warmUp: 500, relayed: false, steady: false, hasPeer: false }
const WHOLE: Scenario['job'] = {
  model: 'bench.c20-k50',
  chunks: 0,
  kilobytes: 0,
  connections: 1,
  perSecond: 0,
}
const PACED = { chunks: 100, kilobytes: 0, connections: 32, perSecond: 0 }

/** All measurements except signatures. Answers without streaming have 1,000 characters. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...USUAL,
    name: 'single',
    title: 'Answers without streaming, 1 connection',
    subjects: ['pipe', 'gateway'],
    job: WHOLE,
  },
  {
    ...USUAL,
    name: 'many',
    title: 'Answers without streaming, 32 connections',
    subjects: ['pipe', 'gateway'],
    // Other loads make V8 discard the code of this one, and it collects the whole heap every few seconds.
    warmUp: 2_000,
    stretch: 3,
    hasPeer: true,
    job: { ...WHOLE, connections: 32 },
  },
  {
    ...USUAL,
    name: 'large',
    title: 'Requests of 200 KB (system prompt and tools), 4 connections',
    subjects: ['pipe', 'gateway'],
    hasPeer: true,
    job: { ...WHOLE, kilobytes: 200, connections: 4 },
  },
  {
    ...USUAL,
    name: 'streams',
    title: 'Streams of 100 chunks at once, 16 connections',
    subjects: ['gateway'],
    hasPeer: true,
    job: { ...PACED, model: 'bench.c100-d0-k50', connections: 16 },
  },
  {
    ...USUAL,
    name: 'burst',
    title: 'Streams of 200 chunks at once, 16 connections',
    subjects: ['pipe', 'javascript', 'gateway'],
    job: { ...PACED, model: 'bench.c200-d0-k50', chunks: 200, connections: 16 },
  },
  {
    ...USUAL,
    name: 'paced',
    title: 'Streams of 100 chunks 5 ms apart, 32 at a time',
    subjects: ['pipe', 'javascript', 'gateway'],
    job: { ...PACED, model: 'bench.c100-d5-k50' },
  },
  {
    ...USUAL,
    name: 'relayed',
    title: "The same through OCI's OpenAI endpoint",
    subjects: ['javascript', 'gateway'],
    relayed: true,
    job: { ...PACED, model: 'bench.relay-c100-d5-k50' },
  },
  {
    ...USUAL,
    name: 'relayed-steady',
    title: 'The same within the streams: no request starts or ends',
    subjects: ['javascript', 'gateway'],
    stretch: 4,
    // Node discards code that has not run for some time and must compile it again.
    warmUp: 1_500,
    relayed: true,
    steady: true,
    job: { ...PACED, model: 'bench.relay-d5-k50' },
  },
  {
    ...USUAL,
    name: 'first-word',
    title: 'Time to the first word, 20 new streams per second',
    subjects: ['direct', 'pipe', 'gateway'],
    stretch: 2,
    job: { ...PACED, model: 'bench.c40-d5-k50', chunks: 40, connections: 0, perSecond: 20 },
  },
]
