import assert from 'node:assert/strict'
import type { Chunk, ChunkChoice, ErrorBody, Message, ToolCall } from './wire.ts'

/** A successful stream, and the messages assembled from it. */
export interface Folded {
  chunks: Chunk[]
  messages: Message[]
  /** One for each choice, in order of the index. */
  finishReasons: string[]
  usage: object | undefined
}

/** The parts of the request that the stream must match. */
interface Wish {
  model?: unknown
  stream_options?: { include_usage?: boolean }
}

/**
 * Reads a stream to its end and checks the rules of every stream: one id, one time and the requested
 * model; the role once; one finish reason for each choice and no content after it; the usage last,
 * if requested; one `[DONE]` at the end.
 */
export async function readStream(response: Response, request: object): Promise<Folded> {
  checkHeaders(response)
  const payloads = payloadsOf(await response.text())
  assert.equal(payloads.indexOf('[DONE]'), payloads.length - 1, 'one [DONE], at the end')
  const chunks = payloads.slice(0, -1).map((json): Chunk => JSON.parse(json))
  checkIdentity(chunks, request)
  const usage = checkUsage(chunks, request)
  const choices = Map.groupBy(chunks.flatMap((chunk) => chunk.choices), ({ index }) => index)
  const ordered = [...choices].toSorted(([one], [other]) => one - other).map(([, list]) => list)
  return {
    chunks,
    usage,
    messages: ordered.map(foldChoice),
    finishReasons: ordered.map(finishOf),
  }
}

/** Reads a stream that failed: some chunks, then one error, without finish reason and `[DONE]`. */
export async function readBrokenStream(
  response: Response,
): Promise<{ chunks: Chunk[]; text: string } & ErrorBody> {
  assert.equal(response.status, 200)
  checkHeaders(response)
  const payloads = payloadsOf(await response.text())
  const events = payloads.map((json): Chunk | ErrorBody => JSON.parse(json))
  const last = events.at(-1)
  assert.ok(last && 'error' in last, 'an error at the end')
  const chunks = events.slice(0, -1).filter((event) => 'choices' in event)
  assert.equal(chunks.length, events.length - 1, 'one error')
  const choices = chunks.flatMap((chunk) => chunk.choices)
  assert.deepEqual(choices.filter(({ finish_reason }) => finish_reason !== null), [])
  return { chunks, text: choices.map(({ delta }) => delta.content ?? '').join(''), ...last }
}

function checkHeaders({ headers }: Response): void {
  assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8')
  assert.equal(headers.get('cache-control'), 'no-cache, no-transform')
  assert.equal(headers.get('x-accel-buffering'), 'no')
  assert.equal(headers.get('content-length'), null)
}

function payloadsOf(stream: string): string[] {
  assert.ok(stream.endsWith('\n\n'), 'a blank line after the last event')
  return stream.slice(0, -2).split('\n\n').map((event) => {
    assert.match(event, /^data: [^\n]*$/)
    return event.slice('data: '.length)
  })
}

function checkIdentity(chunks: readonly Chunk[], { model }: Wish): void {
  const [first] = chunks
  assert.match(first?.id ?? '', /^chatcmpl-\w+$/)
  assert.ok(Number.isInteger(first?.created))
  for (const { id, object, created, ...chunk } of chunks) {
    assert.deepEqual(
      { id, object, created, model: chunk.model },
      { id: first?.id, object: 'chat.completion.chunk', created: first?.created, model },
    )
  }
}

function checkUsage(chunks: readonly Chunk[], { stream_options: options }: Wish) {
  const isWished = options?.include_usage ?? false
  const bare = chunks.filter(({ choices }) => choices.length === 0)
  assert.ok(bare.length <= (isWished ? 1 : 0), 'usage only if requested, and once')
  if (bare.length > 0) assert.equal(chunks.at(-1), bare[0], 'usage after all choices')
  for (const chunk of chunks.filter(({ choices }) => choices.length > 0)) {
    assert.equal(chunk.usage, isWished ? null : undefined)
  }
  return bare[0]?.usage ?? undefined
}

function finishOf(pieces: readonly ChunkChoice[]): string {
  const finishes = pieces.filter(({ finish_reason }) => finish_reason !== null)
  assert.equal(finishes.length, 1, 'one finish reason for each choice')
  const after = pieces.slice(pieces.findIndex(({ finish_reason }) => finish_reason !== null) + 1)
  // Heartbeats may occur anywhere.
  assert.deepEqual(after.filter(({ delta }) => Object.keys(delta).length > 0), [])
  return finishes[0]?.finish_reason ?? ''
}

function foldChoice(pieces: readonly ChunkChoice[]): Message {
  const deltas = pieces.map(({ delta }) => delta)
  assert.deepEqual(deltas.map(({ role }) => role).filter(Boolean), ['assistant'], 'the role once')
  assert.equal(deltas[0]?.role, 'assistant', 'the role first')
  const join = (name: 'content' | 'reasoning_content' | 'refusal') =>
    deltas.map((delta) => delta[name] ?? '').join('')
  const calls = foldCalls(pieces)
  const [content, reasoning, refusal] = [
    join('content'),
    join('reasoning_content'),
    join('refusal'),
  ]
  const annotations = deltas.flatMap((delta) => delta.annotations ?? [])
  return {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || refusal !== '') ? null : content,
    refusal: refusal === '' ? null : refusal,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
  }
}

/** The name, the id and the type are only in the first delta of a call. */
function foldCalls(pieces: readonly ChunkChoice[]): ToolCall[] {
  const deltas = pieces.flatMap(({ delta }) => delta.tool_calls ?? [])
  const groups = [...Map.groupBy(deltas, ({ index }) => index)]
  assert.deepEqual(groups.map(([index]) => index), groups.map((_, at) => at), 'calls in order')
  return groups.map(([, [first, ...rest]]) => {
    const { id = '', type = '', function: { name = '', arguments: json } } = first ?? {
      function: { arguments: '' },
    }
    for (const delta of rest) {
      assert.deepEqual(Object.keys(delta).toSorted(), ['function', 'index'])
      assert.deepEqual(Object.keys(delta.function), ['arguments'])
    }
    const more = rest.map((delta) => delta.function.arguments)
    return { id, type, function: { name, arguments: [json, ...more].join('') } }
  })
}
