import type { Runtime } from '../runtimes/start.ts'
import type { ClientStep } from './client.ts'
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
  request: Ask
  expect: Expect
  /** Where it cannot be tried, and why. */
  skip?: Partial<Record<Runtime, string>>
  /** Why the right outcome is still to come: everywhere, or on some runtimes. */
  pending?: string | Partial<Record<Runtime, string>>
  /** Not beside other rows: it measures time or memory, or disturbs the process. */
  alone?: boolean
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
  status?: OneOrMore<number>
  /** The error's, in the body or in the last event. */
  code?: OneOrMore<string>
  /** The text that was delivered. */
  text?: string | RegExp
  /** How a stream ends: with its terminator, with an error event, or because the client left. */
  ends?: 'done' | 'error' | 'left'
  headers?: Readonly<Record<string, RegExp | null>>
  /** The whole answer, head included. */
  raw?: RegExp
  lacks?: RegExp
  /** Milliseconds from the request to the end of the answer. */
  took?: readonly [least: number, most: number]
  /** Requests that reached the upstream. */
  deliveries?: readonly [least: number, most: number]
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
  logged?: RegExp
}
