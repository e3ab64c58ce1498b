import type { Script } from '../faults/script.ts'
import type { Exchange } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import type { SetupName } from './settings.ts'

/** One attack, and the bounds that a gateway keeps while it lasts and afterwards. */
export interface Row {
  /** As in the table: the fault's ID, then what distinguishes the row: `F2-chat-text-quotes`. */
  id: string
  title: string
  /** The gateway it is tried on; `loaded` for requests of a size, else `scripted`. */
  gateway?: SetupName
  attack: Attack
  /** Where they differ from the usual ones. */
  bounds?: Partial<Bounds>
  /** Where it cannot be tried, and why. */
  skip?: Partial<Record<Runtime, string>>
  /** Waits most of the time: it is tried beside the other rows, on a gateway of its own. */
  beside?: true
  /** Where the short form tries it; everywhere when absent. */
  shortOn?: readonly Runtime[]
  /** The gateway is not able to serve at all: nothing is asked of it after the row. */
  unready?: true
  /** Uses a process of its own: it ends it, or leaves it in a state of which the next row must not know. */
  fresh?: boolean
}

/** What holds during a row and after it. Times are milliseconds. */
export interface Bounds {
  /** Time per MB at the large size, at most so many times that at the small one. */
  growth: number
  /** A request of the large size that takes less is quick enough, however it grows. */
  negligible: number
  /** The longest wait for `/health` during the row. */
  health: number
  /** The same while many large requests are sent at once, from the machine that serves them. */
  crowdHealth: number
  /** MiB that the process holds at the peak. */
  memory: number
  /** File handles more than before the row, connections to the upstream not counted. */
  handles: number
  /** Until all places in the concurrency limit are free. */
  release: number
  /** From SIGTERM to the end of the process, for rows that end it. */
  end: number
}

export type Attack =
  /** A request of a size, alone at two sizes; of some, then many at once. */
  | RequestAttack
  /** Large requests of many kinds at once. */
  | MixtureAttack
  /** An answer of OCI of a size. */
  | AnswerAttack
  /** Steps one after the other, with the outcome that each must have. */
  | SequenceAttack
  /** Clients that leave at random moments. */
  | AbandonAttack
  /** The same request again and again, after which memory must not have grown. */
  | RepeatAttack
  /** Many requests that are held at once, by the upstream or by their own slow bodies. */
  | HoldAttack
  /** Connections on which nothing happens. */
  | IdleAttack
  /** Hostile and ordinary requests mixed; the ordinary ones must not suffer. */
  | SoakAttack

export interface RequestAttack {
  type: 'request'
  /** A request whose body has about so many bytes. */
  make(bytes: number): AttackRequest
  /** Statuses that are right; every 2xx and 4xx of content when absent. */
  statuses?: readonly number[]
  /** Also 32 of them at once: one row for each shape of requests. */
  crowd: boolean
}

export interface MixtureAttack {
  type: 'mixture'
  /** Requests of about so many bytes each, which are sent in turn. */
  make(bytes: number): readonly AttackRequest[]
}

export interface AnswerAttack {
  type: 'answer'
  model: string
  stream: boolean
  /** The path of the API that is asked; chat completions when absent. */
  path?: '/v1/chat/completions' | '/v1/responses' | '/v1/messages'
  /** An answer whose body has about so many bytes. */
  make(bytes: number): Script
  /** Statuses that are right. */
  statuses: readonly number[]
}

export interface SequenceAttack {
  type: 'sequence'
  steps: readonly SequenceStep[]
  /** What the upstream does; an ordinary answer where it returns nothing. */
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
    /** What the first group matches in the last answer stands for `KEPT` in later requests. */
    keep?: RegExp
  }

export interface Expectation {
  status: readonly number[]
  /** The whole answer, head included. */
  has?: RegExp
  lacks?: RegExp
  /** Milliseconds, for each of them; ten times as many in the short form. */
  within?: number
  /** Requests that the upstream gets for all of the step. */
  calls?: readonly [least: number, most: number]
  /** What every request to the upstream must have, and lack, start line and headers included. */
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

/** When a client leaves; with a FIN or an RST, at random. */
export type Moment =
  /** After half of the request. */
  | 'half'
  /** As soon as all is sent. */
  | 'sent'
  /** Some milliseconds later. */
  | 'later'
  /** With the first byte of the answer, or when none comes for some time. */
  | 'answered'

export interface RepeatAttack {
  type: 'repeat'
  make(bytes: number, number: number): AttackRequest
  /** Bytes of each. */
  bytes: Count
  times: Count
  /** MiB that the process may hold more afterwards than after the first of them. */
  grows: number
}

export interface HoldAttack {
  type: 'hold'
  make(bytes: number): AttackRequest
  bytes: Count
  times: Count
  /** The upstream answers after so long; a slow body takes as long. */
  holdMs: Count
  /** What is held: bodies that are sent byte by byte, or whole requests that wait for OCI. */
  how: 'slow-body' | 'slow-upstream' | 'open-stream'
  statuses: readonly number[]
  /** How many must have each status, at least. */
  least?: Readonly<Record<number, number>>
  /** What another client asks meanwhile, and what it must get. */
  beside?: { request: AttackRequest; status: readonly number[] }
}

export interface IdleAttack {
  type: 'idle'
  connections: Count
  /** What each sends before it falls silent. */
  sends: string
  /** Milliseconds until all of them are closed by the gateway; absent where it need not close them. */
  closesWithin?: number
  /** The limit on file handles that the process gets for the time of the row. */
  handles?: number
}

export interface SoakAttack {
  type: 'soak'
  times: Count
  hostile: readonly AttackRequest[]
  ordinary: AttackRequest
  /** Of all requests. */
  hostileShare: number
  /** p99 of the ordinary ones, to that of a quiet run. */
  slower: Count
  upstream(exchange: Exchange, number: number): Script
}

/** How much of something, in the full form and in the short one. */
export interface Count {
  full: number
  short: number
}

/** A request as a client sends it. */
export interface AttackRequest {
  /** POST with a body, else GET. */
  method?: string
  path: string
  /** Whose key it bears; the first client's when absent. */
  as?: 'first' | 'second' | 'wrong' | 'nobody'
  /** Beside the usual ones, or instead; the empty text leaves one out. */
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array | object
  /** Sent as it is instead of all that; `PORT` stands for the gateway's. */
  raw?: string
}
