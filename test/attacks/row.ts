import type { Script } from '../faults/script.ts'
import type { Exchange } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import type { SetupName } from './settings.ts'

/** One attack, and the bounds that a gateway must keep during and after it. */
export interface Row {
  /** The id in the table: the fault's id, then the variant: `F2-chat-text-quotes`. */
  id: string
  title: string
  /** The settings of the attacked gateway: `loaded` for requests of a size, else `scripted`. */
  gateway?: SetupName
  attack: Attack
  /** Bounds that differ from the default ones. */
  bounds?: Partial<Bounds>
  /** The reasons why a runtime cannot be tested, by runtime. */
  skip?: Partial<Record<Runtime, string>>
  /** Mostly waits: runs concurrently with the other rows, on a separate gateway. */
  concurrent?: true
  /** Runtimes of the short form; all when absent. */
  shortOn?: readonly Runtime[]
  /** The gateway cannot serve requests: skips the checks after the row. */
  unready?: true
  /** Needs a separate process: it ends the process, or leaves state that would affect the next row. */
  fresh?: boolean
}

/** Bounds during and after a row; times in milliseconds. */
export interface Bounds {
  /** Highest ratio of the time per MB at the large size to that at the small one. */
  growth: number
  /** A large request that takes less passes without a comparison of sizes. */
  negligible: number
  /** The longest wait for `/health` during the row. */
  health: number
  /** As `health`, while the same machine sends many large requests at once. */
  crowdHealth: number
  /** Peak memory of the process in MiB. */
  memory: number
  /** Additional file handles after the row, without connections to the upstream. */
  handles: number
  /** Until all permits of the concurrency limiter are free. */
  release: number
  /** From SIGTERM to the end of the process, for rows that end it. */
  end: number
}

export type Attack =
  /** A request at two sizes; some rows then send many at once. */
  | RequestAttack
  /** Large requests of many kinds at once. */
  | MixtureAttack
  /** An answer of OCI at two sizes. */
  | AnswerAttack
  /** Steps in sequence, each with its expected outcome. */
  | SequenceAttack
  /** Clients that disconnect at random moments. */
  | AbandonAttack
  /** The same request many times, after which memory must not have grown. */
  | RepeatAttack
  /** Many concurrent requests that are slow because of the upstream or of their bodies. */
  | HoldAttack
  /** Idle connections. */
  | IdleAttack
  /** Hostile and ordinary requests mixed; the ordinary ones must succeed in time. */
  | SoakAttack

export interface RequestAttack {
  type: 'request'
  /** Creates a request whose body has about `bytes` bytes. */
  make(bytes: number): AttackRequest
  /** Expected statuses; when absent, each 2xx and each 4xx about the content. */
  statuses?: readonly number[]
  /** Also sends many at once: one row for each shape of requests. */
  crowd: boolean
}

export interface MixtureAttack {
  type: 'mixture'
  /** Creates requests of about `bytes` bytes each, which are sent in rotation. */
  make(bytes: number): readonly AttackRequest[]
}

export interface AnswerAttack {
  type: 'answer'
  model: string
  stream: boolean
  /** The path of the client API; chat completions when absent. */
  path?: '/v1/chat/completions' | '/v1/responses' | '/v1/messages'
  /** Creates an answer whose body has about `bytes` bytes. */
  make(bytes: number): Script
  /** Expected statuses. */
  statuses: readonly number[]
}

export interface SequenceAttack {
  type: 'sequence'
  steps: readonly SequenceStep[]
  /** Behavior of the upstream; an ordinary answer if it returns nothing. */
  upstream?(exchange: Exchange, number: number): Script | undefined
}

export type SequenceStep =
  | { do: 'wait'; ms: number }
  | {
    do: 'ask'
    request: AttackRequest
    times?: Count
    parallel?: number
    expect: Expectation
    /** The first group of its match in the last answer replaces `KEPT` in later requests. */
    keep?: RegExp
  }

export interface Expectation {
  status: readonly number[]
  /** Patterns for the whole answer, including the head. */
  has?: RegExp
  lacks?: RegExp
  /** Milliseconds for each request; ten times as many in the short form. */
  within?: number
  /** Range of the number of requests to the upstream during the step. */
  calls?: readonly [min: number, max: number]
  /** Patterns for each request to the upstream, including start line and headers. */
  sentHas?: RegExp
  sentLacks?: RegExp
}

export interface AbandonAttack {
  type: 'abandon'
  requests: readonly AttackRequest[]
  times: Count
  parallel: number
  /** Chosen at random for each request. */
  moments: readonly Moment[]
  upstream(exchange: Exchange, number: number): Script
}

/** When a client disconnects; with a FIN or an RST, at random. */
export type Moment =
  /** After half of the request. */
  | 'half'
  /** After the whole request. */
  | 'sent'
  /** Some milliseconds later. */
  | 'later'
  /** With the first byte of the answer, or after some time without one. */
  | 'answered'

export interface RepeatAttack {
  type: 'repeat'
  make(bytes: number, number: number): AttackRequest
  /** Bytes of each request. */
  bytes: Count
  times: Count
  /** MiB by which the memory of the process may grow after the first requests. */
  grows: number
}

export interface HoldAttack {
  type: 'hold'
  make(bytes: number): AttackRequest
  bytes: Count
  times: Count
  /** Delay of the upstream's answer, or duration of a slow body. */
  holdMs: Count
  /** Why the requests are slow: bodies are sent byte by byte, or OCI answers late. */
  how: 'slow-body' | 'slow-upstream' | 'open-stream'
  statuses: readonly number[]
  /** The minimum number of answers by status. */
  minCounts?: Readonly<Record<number, number>>
  /** A concurrent request of another client, and its expected statuses. */
  otherClient?: { request: AttackRequest; status: readonly number[] }
}

export interface IdleAttack {
  type: 'idle'
  connections: Count
  /** The bytes that each connection sends before it is idle. */
  sends: string
  /** Milliseconds until the gateway has closed all connections; absent if it need not close them. */
  closesWithin?: number
  /** The limit on file handles of the process during the row. */
  handles?: number
}

export interface SoakAttack {
  type: 'soak'
  times: Count
  hostile: readonly AttackRequest[]
  ordinary: AttackRequest
  /** Share of all requests. */
  hostileShare: number
  /** Highest ratio of the p99 of ordinary requests to that of a quiet run. */
  slower: Count
  upstream(exchange: Exchange, number: number): Script
}

/** A number for the full form and one for the short form. */
export interface Count {
  full: number
  short: number
}

/** A request of a client. */
export interface AttackRequest {
  /** By default POST with a body, else GET. */
  method?: string
  path: string
  /** The client whose API key is sent; the first one when absent. */
  as?: 'first' | 'second' | 'wrong' | 'none'
  /** Headers to add or to replace; an empty text removes one. */
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array | object
  /** Raw bytes to send in place of all other members; `PORT` is replaced by the gateway's port. */
  raw?: string
}
