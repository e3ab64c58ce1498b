import type { Runtime } from '../runtimes/start.ts'
import type { ClientStep } from './client.ts'
import type { ConnectionName } from './connection.ts'
import type { SetupName } from './gateways.ts'
import type { Deliveries } from './script.ts'

/** One fault, and what is right when it happens. */
export interface Row {
  /** As in the table: `U1a`. */
  id: string
  title: string
  /** Which gateway it is tried on; `plain` when absent. */
  gateway?: SetupName
  /** What the upstream does; absent where nothing must reach it. */
  script?: Deliveries
  /** What the upstream's every connection meets; an ordinary one when absent. */
  connection?: ConnectionName
  /** A process that does not even start, instead of a request. */
  starts?: Start
  /** The family whose name the row's model bears, instead of `meta`. */
  family?: string
  request: Ask
  expect: Expect
  /** What another client asks somewhat later, and what is right for it. */
  beside?: { afterMs: number; request: Ask; expect: Expect }
  /** Where it cannot be tried, and why. */
  skip?: Partial<Record<Runtime, string>>
  /** Why the right outcome is still to come: everywhere, or on some runtimes. */
  pending?: string | Partial<Record<Runtime, string>>
  /** Not beside other rows: it measures time or memory, or disturbs the process. */
  alone?: boolean
  /** Hardly does anything but wait: it goes on beside the ones that are alone. */
  waits?: boolean
  /** On a process of its own, which it may end. */
  fresh?: boolean
}

export interface Start {
  /** `taken` stands for a port on which somebody listens already. */
  variables: Readonly<Record<string, string>>
  exit: number
  says: RegExp
}

/** What a client asks; a chat, unless it says otherwise. */
export interface Ask {
  method?: string
  path?: string
  /** Instead of, or beside, those of a client with a key; the empty text leaves one out. */
  headers?: Readonly<Record<string, string>>
  /** Members of the chat's body beside model and message; text is sent as it is. */
  body?: Readonly<Record<string, unknown>> | string | Uint8Array
  /** What the client does instead of sending that and reading on; `ASKED` stands for the request. */
  steps?: readonly (ClientStep | typeof ASKED)[]
  /** So many times, so many side by side; the outcome must be right each time. */
  times?: number
  parallel?: number
  /** Milliseconds until the client gives up. */
  patience?: number
}

export const ASKED = 'asked'

type OneOrMore<T> = T | readonly T[]

/** What is right; what is absent may be anything. */
export interface Expect {
  status?: OneOrMore<number | undefined>
  /** How many answers there are of each status. */
  statuses?: Readonly<Record<number, readonly [least: number, most: number]>>
  /** The error's, in the body or in the last event. */
  code?: OneOrMore<string | undefined>
  /** The text that was delivered. */
  text?: string | RegExp
  /** How a stream ends: with its terminator, with an error event, or because the client left. */
  ends?: 'done' | 'error' | 'left'
  headers?: Readonly<Record<string, RegExp | null>>
  body?: RegExp
  /** The whole answer, head included. */
  raw?: RegExp
  lacks?: RegExp
  /** Milliseconds from the request to the end of the answer. */
  took?: readonly [least: number, most: number]
  /** Requests that reached the upstream. */
  deliveries?: readonly [least: number, most: number]
  /** So many of them went on at one time. */
  atOnce?: number
  /** What each of them carried, and must not. */
  sent?: { has?: RegExp; lacks?: RegExp }
  /** Milliseconds from the client's leaving, or the end of its answer, until the upstream was left. */
  upstreamLeft?: Partial<Record<Runtime, number>> | number
  /** MiB of the answer that the upstream could get rid of, and that the process grew. */
  pulled?: number
  grows?: number
  /** The answer may be the runtime's own, or none: the request never reached the gateway's code. */
  byRuntime?: true
  /** The exit status of the process. */
  exit?: number
  /** What the log must have, and must not. */
  logged?: RegExp | Partial<Record<Runtime, RegExp>>
}
