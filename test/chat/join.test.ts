import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from './collect.ts'
import type { ChatEvent, ChatEventBatches } from '../../src/chat/events.ts'
import { concatenateStreams, joinReplies, mergeStreams } from '../../src/chat/join.ts'
import type { ChatReply, Choice, Usage } from '../../src/chat/model.ts'
import { replay } from '../../src/chat/replay.ts'

const ONE: ChatReply = replyOf(['a', 'b'], usageOf(1))
const TWO: ChatReply = replyOf(['c', 'd'], usageOf(10))

describe('joinReplies()', () => {
  it('returns a single reply unchanged', () => {
    assert.deepEqual(joinReplies([ONE], 2), ONE)
  })

  it('renumbers the choices and adds up the usage', () => {
    assert.deepEqual(joinReplies([ONE, TWO], 2), replyOf(['a', 'b', 'c', 'd'], usageOf(11)))
  })

  it('leaves a gap in the numbers when a reply has fewer choices', () => {
    const joined = joinReplies([replyOf(['a'], undefined), replyOf(['c'], undefined)], 3)
    assert.deepEqual(joined.choices.map(({ index }) => index), [0, 3])
  })

  it('adds up a detail that only some replies count', () => {
    const partly = { ...usageOf(1), reasoning: 5 }
    const { usage } = joinReplies([replyOf([], undefined), replyOf([], partly), TWO], 1)
    assert.deepEqual(usage, { ...usageOf(11), reasoning: 5 })
  })
})

describe('concatenateStreams()', () => {
  it('returns the same reply as joinReplies()', async () => {
    const joined = concatenateStreams(streamOf(ONE), [() => Promise.resolve(streamOf(TWO))], 2)
    assert.deepEqual(await collect(joined), joinReplies([ONE, TWO], 2))
  })

  it('yields the usage once, at the end', async () => {
    const joined = concatenateStreams(streamOf(ONE), [() => Promise.resolve(streamOf(TWO))], 2)
    const events = (await Array.fromAsync(joined)).flat()
    const usages = events.filter(({ type }) => type === 'usage')
    assert.deepEqual(usages, [{ type: 'usage', usage: usageOf(11) }])
    assert.deepEqual(events.at(-1), usages[0])
  })

  it('opens the second stream when the first has ended', async () => {
    const seen: string[] = []
    const joined = concatenateStreams(streamOf(ONE), [() => {
      seen.push('opened')
      return Promise.resolve(streamOf(TWO))
    }], 2)
    for await (const events of joined) seen.push(events.map(({ type }) => type).join())
    assert.equal(seen.indexOf('opened'), 4)
    assert.equal(seen.length, 10)
  })

  it('fails when the second stream cannot be opened', async () => {
    const joined = concatenateStreams(streamOf(ONE), [() => Promise.reject(new Error('no'))], 2)
    await assert.rejects(Array.fromAsync(joined), /no/)
  })
})

describe('mergeStreams()', () => {
  it('P12 returns the same reply as joinReplies()', async () => {
    const replies = [
      replyOf(['a b c'], usageOf(1)),
      replyOf(['d'], undefined),
      replyOf(['e f'], usageOf(2)),
    ]
    const streams = replies.map((reply) => stream(replay(reply)))
    const joined = await collect(mergeStreams(streams, new AbortController()))
    assert.deepEqual(joined, joinReplies(replies, 1))
  })

  it('yields events of any stream as they arrive, and the usage last', async () => {
    const slow = Promise.withResolvers<void>()
    async function* first(): ChatEventBatches {
      await slow.promise
      yield [text('slow')]
      yield [{ type: 'usage', usage: usageOf(1) }]
    }
    const quick = stream([[text('quick')], [{ type: 'usage', usage: usageOf(2) }]])
    const seen: ChatEvent[] = []
    for await (const batch of mergeStreams([first(), quick], new AbortController())) {
      seen.push(...batch)
      if (seen.length > 0) slow.resolve()
    }
    assert.deepEqual(seen, [
      { ...text('quick'), choice: 1 },
      text('slow'),
      { type: 'usage', usage: usageOf(3) },
    ])
  })

  it('fails as soon as one stream fails, and aborts the others', async () => {
    const abort = new AbortController()
    // deno-lint-ignore require-yield
    async function* failing(): ChatEventBatches {
      await Promise.resolve()
      throw new Error('no')
    }
    async function* silent(): ChatEventBatches {
      await new Promise(() => {})
      yield []
    }
    await assert.rejects(collect(mergeStreams([silent(), failing()], abort)), { message: 'no' })
    assert.equal(abort.signal.aborted, true)
  })

  it('aborts all when the reader stops', async () => {
    const abort = new AbortController()
    for await (const _ of mergeStreams([stream([[text('a')], [text('b')]])], abort)) break
    assert.equal(abort.signal.aborted, true)
  })
})

/** One batch for the text of each choice and one for its finish, the last with the usage. */
async function* streamOf({ choices, usage }: ChatReply): ChatEventBatches {
  const usageEvents: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
  for (const { index: choice, text, finishReason: reason } of choices) {
    yield [{ type: 'text-delta', choice, text }]
    yield [
      { type: 'finish', choice, reason },
      ...(choice === choices.length - 1 ? usageEvents : []),
    ]
  }
  await Promise.resolve()
}

function text(content: string): Extract<ChatEvent, { type: 'text-delta' }> {
  return { type: 'text-delta', choice: 0, text: content }
}

async function* stream(batches: readonly (readonly ChatEvent[])[]): ChatEventBatches {
  yield* batches
}

function replyOf(texts: readonly string[], usage: Usage | undefined): ChatReply {
  return { choices: texts.map(choiceOf), usage, serviceTier: undefined, created: undefined }
}

function choiceOf(text: string, index: number): Choice {
  return {
    index,
    text,
    reasoning: '',
    refusal: '',
    toolCalls: [],
    annotations: [],
    logprobs: [],
    finishReason: 'stop',
  }
}

function usageOf(prompt: number): Usage {
  return {
    prompt,
    completion: prompt * 2,
    total: prompt * 3,
    cached: prompt,
    reasoning: undefined,
    acceptedPrediction: undefined,
    rejectedPrediction: undefined,
  }
}
