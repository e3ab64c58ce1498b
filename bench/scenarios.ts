import type { Job } from './job.ts'

/** One way to use the gateway; a `Job` but for whom it asks, and for how long. */
export interface Scenario {
  name: ScenarioName
  title: string
  /** Windows are so many times as long as asked for. */
  stretch: number
  /** Whether the upstream itself is asked too, as what time is added to. */
  direct: boolean
  /** Asks where OCI speaks OpenAI itself: the gateway passes on what it gets. */
  relayed?: boolean
  job: Pick<Job, 'model' | 'chunks' | 'kilobytes' | 'connections' | 'perSecond'>
}

export type ScenarioName =
  | 'single'
  | 'many'
  | 'large'
  | 'burst'
  | 'paced'
  | 'relayed'
  | 'first-word'

const ONE_AT_A_TIME = { chunks: 0, kilobytes: 0, connections: 1, perSecond: 0 }

/** Everything that is measured of gateway and pipe. Whole answers have 1,000 characters. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'single',
    title: 'Whole answers, 1 connection',
    stretch: 1,
    direct: false,
    job: { ...ONE_AT_A_TIME, model: 'bench.c20-k50' },
  },
  {
    name: 'many',
    title: 'Whole answers, 32 connections',
    stretch: 1,
    direct: false,
    job: { ...ONE_AT_A_TIME, model: 'bench.c20-k50', connections: 32 },
  },
  {
    name: 'large',
    title: 'Requests of 200 KB (system prompt and tools), 4 connections',
    stretch: 1,
    direct: false,
    job: { ...ONE_AT_A_TIME, model: 'bench.c20-k50', kilobytes: 200, connections: 4 },
  },
  {
    name: 'burst',
    title: 'Streams of 200 chunks at once, 16 connections',
    stretch: 1,
    direct: false,
    job: {
      model: 'bench.c200-d0-k50',
      chunks: 200,
      kilobytes: 0,
      connections: 16,
      perSecond: 0,
    },
  },
  {
    name: 'paced',
    title: 'Streams of 100 chunks 5 ms apart, 32 at a time',
    stretch: 1,
    direct: false,
    job: {
      model: 'bench.c100-d5-k50',
      chunks: 100,
      kilobytes: 0,
      connections: 32,
      perSecond: 0,
    },
  },
  {
    name: 'relayed',
    title: 'The same where OCI speaks OpenAI, passed on',
    stretch: 1,
    direct: false,
    relayed: true,
    job: {
      model: 'bench.relay-c100-d5-k50',
      chunks: 100,
      kilobytes: 0,
      connections: 32,
      perSecond: 0,
    },
  },
  {
    name: 'first-word',
    title: 'Time to the first word, 20 streams begun a second',
    stretch: 2,
    direct: true,
    job: { model: 'bench.c40-d5-k50', chunks: 40, kilobytes: 0, connections: 0, perSecond: 20 },
  },
]
