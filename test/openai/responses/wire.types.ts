/**
 * Proves at compile time that a response and every event of its stream have the types of the `openai`
 * package. The tests check them against `public-schema.ts`. Nothing here runs.
 */
import type OpenAI from 'openai'
import type { ResponseObject } from '../../../src/openai/responses/wire.ts'
import type { InferOutput } from 'valibot'
import type { EVENTS, LifecycleEvent, Part, Response, StreamEvent, Usage } from './public-schema.ts'

type Api = OpenAI.Responses.Response
type Fits<Ours, Theirs> = [Ours] extends [Theirs] ? true : false
type AllTrue<Facts extends readonly true[]> = Facts['length']

/** Members from the client's request, members that the SDK adds, and members that are `null` on the wire only. */
type Apart = 'metadata' | 'reasoning' | 'text' | 'tool_choice' | 'tools' | 'output_text' | 'usage'
/** Codes that OpenAI's service sends but its types do not list. */
type Unlisted = 'context_length_exceeded'

type Told = Omit<Response, Apart | 'error'>
type Failure = NonNullable<Response['error']>
type Lifecycle = Omit<InferOutput<typeof LifecycleEvent>, 'response'>

/** OpenAI's event of a type. */
type Theirs<Type> = Extract<OpenAI.Responses.ResponseStreamEvent, { type: Type }>
/** Whether each event has OpenAI's type. */
type EventFacts = {
  [Key in keyof typeof EVENTS]: InferOutput<(typeof EVENTS)[Key]> extends infer Event
    ? Event extends { type: infer Type } ? [Theirs<Type>] extends [never] ? false
      : Fits<Event, Theirs<Type>>
    : false
    : false
}

export type Proven = AllTrue<[
  Fits<Told, Omit<Api, Apart | 'error'>>,
  Fits<InferOutput<typeof Usage>, OpenAI.Responses.ResponseUsage>,
  Fits<Failure['message'], OpenAI.Responses.ResponseError['message']>,
  Fits<Exclude<Failure['code'], Unlisted>, OpenAI.Responses.ResponseError['code']>,
  Fits<Response['output'], Api['output']>,
  Fits<
    InferOutput<typeof Part>,
    OpenAI.Responses.ResponseOutputText | OpenAI.Responses.ResponseOutputRefusal
  >,
  // All members that strict clients require are present.
  Fits<keyof Omit<Api, 'output_text'> & RequiredKeys<Api>, keyof Response>,
  Fits<EventFacts[keyof EventFacts], true>,
  Fits<StreamEvent['type'], OpenAI.Responses.ResponseStreamEvent['type']>,
  Fits<
    Lifecycle,
    Omit<Theirs<Lifecycle['type']>, 'response'> & { type: Lifecycle['type'] }
  >,
  // The types in src/ are those that the tests check.
  Fits<Omit<ResponseObject, Apart>, Omit<Response, Apart>>,
  Fits<Omit<Response, Apart>, Omit<ResponseObject, Apart>>,
]>

type RequiredKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? never : Key }[keyof T]
