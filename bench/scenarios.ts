import type { Job } from './job.ts'

/** One way to use the gateway; a `Job` but for whom it asks, and for how long. */
export interface Scenario {
  name: ScenarioName
  title: string
  /** Who is asked, one after the other. */
  subjects: readonly Subject[]
  /** Windows are so many times as long as asked for. */
  stretch: number
  /** Asks where OCI speaks OpenAI itself: the gateway passes on what it gets. */
  relayed: boolean
  /**
   * Streams begin before the window and end after it, so that nothing counts but their chunks. The
   * subjects are asked side by side: the machine is not as fast in one second as in the next.
   */
  amid: boolean
  job: Pick<Job, 'model' | 'chunks' | 'kilobytes' | 'connections' | 'perSecond'>
}

export type ScenarioName =
  | 'single'
  | 'many'
  | 'large'
  | 'burst'
  | 'paced'
  | 'relayed'
  | 'relayed-amid'
  | 'first-word'

/** The gateway, the raw pipe, the pipe through JavaScript (see `pipe.ts`), the upstream itself. */
export type Subject = 'gateway' | 'pipe' | 'by-hand' | 'direct'

const USUAL = { stretch: 1, relayed: false, amid: false }
const WHOLE: Scenario['job'] = {
  model: 'bench.c20-k50',
  chunks: 0,
  kilobytes: 0,
  connections: 1,
  perSecond: 0,
}
const PACED = { chunks: 100, kilobytes: 0, connections: 32, perSecond: 0 }

/** Everything that is measured but signatures. Whole answers have 1,000 characters. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...USUAL,
    name: 'single',
    title: 'Whole answers, 1 connection',
    subjects: ['pipe', 'gateway'],
    job: WHOLE,
  },
  {
    ...USUAL,
    name: 'many',
    title: 'Whole answers, 32 connections',
    subjects: ['pipe', 'gateway'],
    job: { ...WHOLE, connections: 32 },
  },
  {
    ...USUAL,
    name: 'large',
    title: 'Requests of 200 KB (system prompt and tools), 4 connections',
    subjects: ['pipe', 'gateway'],
    job: { ...WHOLE, kilobytes: 200, connections: 4 },
  },
  {
    ...USUAL,
    name: 'burst',
    title: 'Streams of 200 chunks at once, 16 connections',
    subjects: ['pipe', 'by-hand', 'gateway'],
    job: { ...PACED, model: 'bench.c200-d0-k50', chunks: 200, connections: 16 },
  },
  {
    ...USUAL,
    name: 'paced',
    title: 'Streams of 100 chunks 5 ms apart, 32 at a time',
    subjects: ['pipe', 'by-hand', 'gateway'],
    job: { ...PACED, model: 'bench.c100-d5-k50' },
  },
  {
    ...USUAL,
    name: 'relayed',
    title: 'The same where OCI speaks OpenAI, passed on',
    subjects: ['by-hand', 'gateway'],
    relayed: true,
    job: { ...PACED, model: 'bench.relay-c100-d5-k50' },
  },
  {
    ...USUAL,
    name: 'relayed-amid',
    title: 'The same, amid the streams: no request begins or ends',
    subjects: ['by-hand', 'gateway'],
    stretch: 4,
    relayed: true,
    amid: true,
    job: { ...PACED, model: 'bench.relay-d5-k50' },
  },
  {
    ...USUAL,
    name: 'first-word',
    title: 'Time to the first word, 20 streams begun a second',
    subjects: ['direct', 'pipe', 'gateway'],
    stretch: 2,
    job: { ...PACED, model: 'bench.c40-d5-k50', chunks: 40, connections: 0, perSecond: 20 },
  },
]
