import assert from 'node:assert/strict'
import * as v from 'valibot'
import { Chunk } from './public-schema.ts'

type Delta = Chunk['choices'][number]['delta']
type Message = Record<string, unknown>

/** A parsed stream. Each chunk and the end are checked against the public schema. */
export function readChunks(stream: string): Chunk[] {
  const [last, nothing, ...texts] = stream.split('\n\n').reverse()
  assert.equal(last, '')
  assert.equal(nothing, 'data: [DONE]')
  return texts.reverse().map((text) => {
    assert.ok(text.startsWith('data: {'), text)
    return v.parse(Chunk, JSON.parse(text.slice('data: '.length)))
  })
}

/** Joins a stream as a client does: into the reply that is not streamed. */
export function fold(chunks: readonly Chunk[]): object {
  const [first] = chunks
  const tier = chunks.at(-1)?.service_tier
  const usage = chunks.find(({ usage }) => usage)?.usage
  const pieces = Map.groupBy(chunks.flatMap(({ choices }) => choices), ({ index }) => index)
  return {
    id: first?.id,
    object: 'chat.completion',
    created: first?.created,
    model: first?.model,
    choices: [...pieces.values()].toSorted((a, b) => a[0]!.index - b[0]!.index).map(foldChoice),
    ...(usage && { usage }),
    ...(tier !== undefined && { service_tier: tier }),
  }
}

function foldChoice(pieces: Chunk['choices']): object {
  const deltas = pieces.map(({ delta }) => delta)
  const tokens = pieces.flatMap(({ logprobs }) => logprobs?.content ?? [])
  const reasons = pieces.flatMap(({ finish_reason: reason }) => reason ?? [])
  assert.equal(reasons.length, 1, 'exactly one finish')
  assert.equal(deltas.filter(({ role }) => role !== undefined).length, 1, 'exactly one role')
  assert.equal(deltas[0]?.role, 'assistant', 'the role first')
  return {
    index: pieces[0]?.index,
    message: foldMessage(deltas),
    logprobs: tokens.length === 0 ? null : { content: tokens, refusal: null },
    finish_reason: reasons[0],
  }
}

/** A stream cannot send `null` after its start: no text beside calls or a refusal becomes `null`. */
function foldMessage(deltas: readonly Delta[]): Message {
  const content = deltas.map((delta) => delta.content ?? '').join('')
  const refusal = deltas.map((delta) => delta.refusal ?? '').join('')
  const reasoning = deltas.map((delta) => delta.reasoning_content ?? '').join('')
  const annotations = deltas.flatMap((delta) => delta.annotations ?? [])
  const calls = foldCalls(deltas.flatMap((delta) => delta.tool_calls ?? []))
  const isElsewhere = calls.length > 0 || refusal !== ''
  return {
    role: 'assistant',
    content: content === '' && isElsewhere ? null : content,
    refusal: refusal || null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
  }
}

/** The first delta of a call has id, type and name; the others have none of these. */
function foldCalls(pieces: NonNullable<Delta['tool_calls']>): object[] {
  const calls = [...Map.groupBy(pieces, ({ index }) => index)].toSorted(([a], [b]) => a - b)
  return calls.map(([, [first, ...rest]]) => {
    assert.ok(first && 'id' in first, 'the id first')
    assert.ok(rest.every((piece) => !('id' in piece)), 'the id once')
    const written = [first, ...rest].map((piece) => piece.function.arguments).join('')
    return {
      id: first.id,
      type: first.type,
      function: { name: first.function.name, arguments: written },
    }
  })
}
