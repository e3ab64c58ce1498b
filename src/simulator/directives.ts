/** The kind of value after a directive's `=` (in a model's name, after its `-`). */
export type DirectiveValue = 'nothing' | 'number' | 'text'

interface Directive {
  takes: DirectiveValue
  /** A fault ends when `times` is used up; a shape applies to every call. */
  kind: 'fault' | 'shape'
  does: string
}

/**
 * All instructions that a client can give to the simulator, in the last user message
 * (`[[sim:status=429 times=2]]`) or in the model's name (`meta.sim-status-429.times-2`,
 * `xai.grok-3-mini.sim-cut-after-3`).
 */
export const DIRECTIVES = {
  // Replaces the response
  status: fault('number', "responds with this status and OCI's body; 200 needs page or bare"),
  'retry-after': fault('text', 'adds this header to an error'),
  page: fault('nothing', "responds with a load balancer's HTML page"),
  bare: fault('nothing', 'responds without a body'),
  redirect: fault('text', 'redirects with 307 to this host, or to elsewhere.invalid without one'),
  'context-length': fault('nothing', "responds with the vendor's error for too long a prompt"),
  refuse: fault('text', 'rejects requests with this parameter; may be repeated'),
  'refuse-stream': fault('nothing', 'rejects streaming requests'),
  'refuse-format': fault('nothing', 'rejects requests with a response schema'),
  'refuse-system-with-tools': fault('nothing', 'rejects requests with a system text and tools'),
  'refuse-parallel': fault('nothing', 'rejects requests with parallel tool calls'),
  layer: shape('text', 'wraps the message of a 400: prefix, double, both or direct'),
  silent: fault('nothing', 'sends no headers until the client disconnects'),
  'headers-delay': shape('number', 'milliseconds before the headers'),
  json: fault('nothing', 'responds with JSON to a streaming request'),
  // Limits the faults
  times: shape('number', 'applies the faults only to the first calls, this many'),
  key: shape('text', 'counts calls separately from calls with another key'),
  // Delays
  'first-delay': shape('number', 'milliseconds before the first event'),
  delay: shape('number', 'milliseconds between events'),
  // Interrupts the stream
  'cut-after': fault('number', 'fails the connection after this many events'),
  'end-after': fault('number', 'ends the stream cleanly after this many events'),
  'stall-after': fault('number', 'sends nothing more after this many events'),
  'error-event': fault(
    'text',
    'sends an error event and ends the stream: oci, openai, named, or failed (Responses)',
  ),
  open: shape('nothing', 'keeps the connection open after the last event'),
  done: shape('nothing', 'ends with [DONE]'),
  'no-done': shape('nothing', 'ends without [DONE]'),
  // Changes the bytes of the stream
  crlf: shape('nothing', 'ends lines with CR LF'),
  cr: shape('nothing', 'ends lines with CR'),
  'single-newline': shape('nothing', 'separates events by one newline instead of two'),
  split: shape('number', 'sends chunks of this many bytes'),
  bom: shape('nothing', 'starts with a byte order mark'),
  comments: shape('nothing', 'sends a comment line before every event'),
  garbage: fault('nothing', 'sends a data line that is not JSON after the first event'),
  unknown: shape('nothing', 'sends an event of an unknown shape after the first event'),
  big: shape('number', 'sends an event with this many bytes of text'),
  'no-pad': shape('nothing', 'omits the pad of the events'),
  // Changes the answer
  say: shape('text', 'answers with exactly this text (base64url)'),
  tool: shape('text', 'makes this tool call (name:base64url of its arguments); may be repeated'),
  reasoning: shape('nothing', 'returns reasoning text with any model'),
  empty: shape('nothing', 'returns no content'),
  finish: shape('text', 'returns this finish reason'),
  'finish-text': shape('nothing', 'sends the last text delta together with the finish reason'),
  'content-filter': shape('nothing', 'truncates the answer by the content filter'),
  'no-ids': shape('nothing', 'omits the ids of tool calls'),
  'double-encoded': shape('nothing', 'encodes tool call arguments as JSON within JSON'),
  'no-usage': shape('nothing', 'omits usage'),
  'usage-on-finish': shape('nothing', 'sends usage with the finish event instead of after it'),
  'usage-after': shape('nothing', 'sends usage after the finish event (Cohere)'),
  'repeat-text': shape('nothing', 'repeats the whole text in the finish event (Cohere v2)'),
  fragments: shape('nothing', 'streams tool calls in fragments (Cohere v2)'),
  // Embeddings and rerank
  'token-counts': shape('nothing', 'returns inputTextTokenCounts instead of usage'),
  'upper-case': shape('nothing', 'returns the keys of embeddingsByType in upper case'),
  'document-text': shape('nothing', 'returns ranked documents as strings instead of objects'),
  // Changes absent members
  nulls: shape('nothing', 'returns null for absent members (Cohere v2)'),
} satisfies Readonly<Record<string, Directive>>

export type DirectiveName = keyof typeof DIRECTIVES
/** Each directive with its values, in the order of the request. */
export type Directives = ReadonlyMap<DirectiveName, readonly string[]>

/** The value of a directive as a number; `undefined` if the directive is absent. */
export function numberOf(directives: Directives, name: DirectiveName): number | undefined {
  const text = textOf(directives, name)
  return text === undefined ? undefined : Number(text)
}

/** The value of a directive as text; `undefined` if the directive is absent. */
export function textOf(directives: Directives, name: DirectiveName): string | undefined {
  return directives.get(name)?.at(-1)
}

/** Counts a call and removes its faults if earlier calls have used up `times`. */
export function activeDirectives(
  directives: Directives,
  model: string,
  calls: Map<string, number>,
): Directives {
  const times = numberOf(directives, 'times')
  if (times === undefined) return directives
  const key = textOf(directives, 'key') ?? model
  const count = (calls.get(key) ?? 0) + 1
  calls.set(key, count)
  return count > times ? withoutFaults(directives) : directives
}

/** Removes the faults and keeps the shapes. */
export function withoutFaults(directives: Directives): Directives {
  return new Map([...directives].filter(([name]) => DIRECTIVES[name].kind === 'shape'))
}

function fault(takes: DirectiveValue, does: string): Directive {
  return { takes, kind: 'fault', does }
}

function shape(takes: DirectiveValue, does: string): Directive {
  return { takes, kind: 'shape', does }
}
