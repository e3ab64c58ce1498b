import type { Runtime } from '../runtimes/start.ts'
import type { ClientStep } from './client.ts'
import type { ConnectionName } from './connection.ts'
import type { SetupName } from './gateways.ts'
import type { Condition } from './progress.ts'
import type { Deliveries } from './script.ts'

/** One fault, and the correct outcome. */
export interface Row {
  /** Unique in the project: `F-U1a`. */
  id: string
  /** The fault in a few words, as the table has it. */
  title: string
  /** The gateway that the row runs on; `plain` when absent. */
  gateway?: SetupName
  /** What the upstream does; absent where no request may reach it. */
  script?: Deliveries
  /** How the upstream handles every connection; an ordinary one when absent. */
  connection?: ConnectionName
  /** A process that must not start, instead of a request. */
  starts?: Start
  /** The model family, which begins the name of the row's model; `meta` when absent. */
  family?: string
  /** A function creates a request that is large, so that only the process that runs it does. */
  request: RowRequest | (() => RowRequest)
  expect: Expect
  /** Requests of other clients, sent when the condition is met, and their expectation. */
  others?: { after: Condition; request: RowRequest; expect: Expect }
  /** The runtimes on which the row cannot run, with the reason. */
  skip?: Partial<Record<Runtime, string>>
  /** Why the row is known to fail: on every runtime, or on some. */
  pending?: string | Partial<Record<Runtime, string>>
  /** Waits most of the time, so it runs beside the other rows of its gateway. */
  waits?: boolean
  /** Needs much of the machine: runs beside no other such row, of any runtime. */
  heavy?: boolean
  /** Runs on a process of its own, which it may end. */
  fresh?: boolean
}

export interface Start {
  /** `taken` stands for a port that is in use. */
  variables: Readonly<Record<string, string>>
  exit: number
  /** What the process must write. */
  output: RegExp
}

/** What a client sends: a chat, unless the members say otherwise. */
export interface RowRequest {
  method?: string
  path?: string
  /** Added to the headers of an ordinary client; the empty text removes one. */
  headers?: Readonly<Record<string, string>>
  /** Members of the chat's body beside model and message; text and bytes are sent unchanged. */
  body?: Readonly<Record<string, unknown>> | string | Uint8Array
  /** What the client does; `ASKED` stands for the request. By default it sends it and reads. */
  steps?: readonly (ClientStep | typeof ASKED)[]
  /** Number of requests, and how many of them are sent side by side; each must end correctly. */
  times?: number
  parallel?: number
  /** Milliseconds until the client gives up. */
  patience?: number
}

export const ASKED = 'asked'

type OneOrMore<T> = T | readonly T[]

/** The correct outcome; what is absent is not checked. */
export interface Expect {
  status?: OneOrMore<number | undefined>
  /** The number of answers of each status. */
  statuses?: Readonly<Record<number, readonly [least: number, most: number]>>
  /** The error code, in the body or in the last event. */
  code?: OneOrMore<string | undefined>
  /** The text that the client received. */
  text?: string | RegExp
  /** How a stream ends: with its terminator, with an error event, or because the client left. */
  ends?: 'done' | 'error' | 'left'
  headers?: Readonly<Record<string, RegExp | null>>
  body?: RegExp
  /** What the whole answer, head included, must contain and must not. */
  raw?: RegExp
  lacks?: RegExp
  /** Milliseconds from the request to the end of the answer. */
  took?: readonly [least: number, most: number]
  /** Number of requests that reached the upstream. */
  deliveries?: readonly [least: number, most: number]
  /** Milliseconds to wait, after the last answer, for requests that must not follow. */
  quietFor?: number
  /** The least number of them that must run at the same time. */
  atOnce?: number
  /** What each of them must contain, and must not. */
  sent?: { has?: RegExp; lacks?: RegExp }
  /**
   * The most milliseconds until the gateway closes its connection to the upstream, from the moment
   * the client left or had its answer.
   */
  upstreamLeft?: number
  /** The most MiB that the gateway may read from the upstream, and that its memory may grow by. */
  pulled?: number
  grows?: number
  /** The answer may come from the runtime, or be absent: the request never reached our code. */
  byRuntime?: true
  /** The exit status of the process. */
  exit?: number
  /** What the log must contain. */
  logged?: RegExp | Partial<Record<Runtime, RegExp>>
}
