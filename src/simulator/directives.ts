/** What follows a directive's `=` (in a model's name, its `-`). */
export type Takes = 'nothing' | 'number' | 'text'

interface Directive {
  takes: Takes
  /** A fault ends when `times` is used up; a shape stays. */
  kind: 'fault' | 'shape'
  does: string
}

/**
 * Everything a client can ask of the simulator, in the last user message (`[[sim:status=429 times=2]]`)
 * or in the model's name (`meta.sim-status-429.times-2`, `xai.grok-3-mini.sim-cut-after-3`).
 */
export const DIRECTIVES = {
  // Instead of an answer
  status: fault('number', "this status with OCI's own body for it; 200 goes with page or bare"),
  'retry-after': fault('text', 'the header, with any error'),
  page: fault('nothing', "a load balancer's HTML in place of JSON"),
  bare: fault('nothing', 'no body at all'),
  redirect: fault('text', '307 to this host, or to another one of ours when it is empty'),
  'context-length': fault('nothing', '400, the prompt is too long, in the words of the family'),
  refuse: fault('text', '400 to a request with this parameter, as the vendor says it; repeatable'),
  'refuse-stream': fault('nothing', '400 to a request that streams'),
  'refuse-format': fault('nothing', '400 to a request with a schema for its answer'),
  'refuse-system-with-tools': fault('nothing', '400 to a request with a system text and tools'),
  'refuse-parallel': fault('nothing', '400 to a request with several calls in one turn'),
  layer: shape('text', 'how a 400 is wrapped: prefix, double, both or direct'),
  silent: fault('nothing', 'no headers, until the client leaves'),
  'headers-delay': shape('number', 'milliseconds before the headers'),
  json: fault('nothing', 'a whole JSON answer to a request that streams'),
  // How often
  times: shape('number', 'only the first so many calls receive the faults'),
  key: shape('text', 'counts calls apart from those with another key'),
  // When
  'first-delay': shape('number', 'milliseconds before the first event'),
  delay: shape('number', 'milliseconds between events'),
  // Where the stream breaks off
  'cut-after': fault('number', 'the connection fails after so many events'),
  'end-after': fault('number', 'the stream ends cleanly after so many events'),
  'stall-after': fault('number', 'nothing more comes after so many events'),
  'error-event': fault(
    'text',
    'an error amid the stream, then its end: oci, openai, named, or failed (Responses)',
  ),
  open: shape('nothing', 'the connection stays open after the last event'),
  done: shape('nothing', 'ends with [DONE]'),
  'no-done': shape('nothing', 'ends without [DONE]'),
  // How the bytes are laid out
  crlf: shape('nothing', 'lines end in CR LF'),
  cr: shape('nothing', 'lines end in CR'),
  'single-newline': shape('nothing', 'one newline between events, not two'),
  split: shape('number', 'chunks of so many bytes'),
  bom: shape('nothing', 'a byte order mark first'),
  comments: shape('nothing', 'a comment line before every event'),
  garbage: fault('nothing', 'a data line that is not JSON, after the first event'),
  unknown: shape('nothing', 'an event of a shape nobody knows, after the first event'),
  big: shape('number', 'an event with so many bytes of text'),
  'no-pad': shape('nothing', 'events without their pad'),
  // What the answer holds
  say: shape('text', 'this text, word for word (base64url)'),
  tool: shape('text', 'this call (name:base64url of its arguments); may be repeated'),
  reasoning: shape('nothing', 'thoughts, whatever the model'),
  empty: shape('nothing', 'no content at all'),
  finish: shape('text', 'this finish reason'),
  'finish-text': shape('nothing', 'the last piece of text comes with the finish reason'),
  'content-filter': shape('nothing', 'half an answer, finished by the content filter'),
  'no-ids': shape('nothing', 'tool calls without ids'),
  'double-encoded': shape('nothing', 'arguments that are JSON within JSON'),
  'no-usage': shape('nothing', 'no usage'),
  'usage-on-finish': shape('nothing', 'usage on the finish event, not after it'),
  'usage-after': shape('nothing', 'usage after the finish event, not on it (Cohere)'),
  'repeat-text': shape('nothing', 'the finish event says the whole text again (Cohere v2)'),
  fragments: shape('nothing', 'tool calls in fragments where they come whole (Cohere v2)'),
  // Embeddings and ranks
  'token-counts': shape('nothing', 'inputTextTokenCounts in place of usage'),
  'upper-case': shape('nothing', 'the keys of embeddingsByType in capitals'),
  'document-text': shape('nothing', 'ranked documents as strings, not objects'),
  // What is not there
  nulls: shape('nothing', 'null for what an answer has not got (Cohere v2)'),
} satisfies Readonly<Record<string, Directive>>

export type DirectiveName = keyof typeof DIRECTIVES
/** Each directive with its values, in the order they were written. */
export type Directives = ReadonlyMap<DirectiveName, readonly string[]>

/** The number a directive was given; `undefined` when it was not written. */
export function numberOf(directives: Directives, name: DirectiveName): number | undefined {
  const text = textOf(directives, name)
  return text === undefined ? undefined : Number(text)
}

/** The text a directive was given; `undefined` when it was not written. */
export function textOf(directives: Directives, name: DirectiveName): string | undefined {
  return directives.get(name)?.at(-1)
}

/** The directives that stay when the faults are over. */
export function withoutFaults(directives: Directives): Directives {
  return new Map([...directives].filter(([name]) => DIRECTIVES[name].kind === 'shape'))
}

function fault(takes: Takes, does: string): Directive {
  return { takes, kind: 'fault', does }
}

function shape(takes: Takes, does: string): Directive {
  return { takes, kind: 'shape', does }
}
