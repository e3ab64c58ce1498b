/**
 * Proof, by the compiler alone, that a response and every event of its stream have the shapes of
 * the `openai` package; that they have those of `public-schema.ts` is seen when the tests run.
 * Nothing here runs.
 */
import type OpenAI from 'openai'
import type { ResponseObject } from '../../../src/openai/responses/wire.ts'
import type { InferOutput } from 'valibot'
import type { EVENTS, LifecycleEvent, Part, Response, StreamEvent, Usage } from './public-schema.ts'

type Api = OpenAI.Responses.Response
type Fits<Ours, Theirs> = [Ours] extends [Theirs] ? true : false
type AllTrue<Facts extends readonly true[]> = Facts['length']

/** What the client itself wrote; what the SDK adds; what the wire has `null` for, unlike the type. */
type Apart = 'metadata' | 'reasoning' | 'text' | 'tool_choice' | 'tools' | 'output_text' | 'usage'
/** OpenAI's service says it, though the list of codes does not. */
type Unlisted = 'context_length_exceeded'

type Told = Omit<Response, Apart | 'error'>
type Failure = NonNullable<Response['error']>
type Lifecycle = Omit<InferOutput<typeof LifecycleEvent>, 'response'>

/** OpenAI's event of a type. */
type Theirs<Type> = Extract<OpenAI.Responses.ResponseStreamEvent, { type: Type }>
/** Whether each event, by itself, is the one OpenAI has of its type. */
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
  // No member that strict clients wait for is left out.
  Fits<keyof Omit<Api, 'output_text'> & RequiredKeys<Api>, keyof Response>,
  Fits<EventFacts[keyof EventFacts], true>,
  Fits<StreamEvent['type'], OpenAI.Responses.ResponseStreamEvent['type']>,
  Fits<
    Lifecycle,
    Omit<Theirs<Lifecycle['type']>, 'response'> & { type: Lifecycle['type'] }
  >,
  // And what the source says of itself is what the tests hold it to.
  Fits<Omit<ResponseObject, Apart>, Omit<Response, Apart>>,
  Fits<Omit<Response, Apart>, Omit<ResponseObject, Apart>>,
]>

type RequiredKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? never : Key }[keyof T]
