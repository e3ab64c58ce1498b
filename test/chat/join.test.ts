import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from '../../src/chat/collect.ts'
import type { ChatEvent, ChatEventBatches } from '../../src/chat/events.ts'
import { joinReplies, joinStreams } from '../../src/chat/join.ts'
import type { ChatReply, Choice, Usage } from '../../src/chat/model.ts'

const ONE: ChatReply = replyOf(['a', 'b'], usageOf(1))
const TWO: ChatReply = replyOf(['c', 'd'], usageOf(10))

describe('joinReplies()', () => {
  it('leaves one answer as it is', () => {
    assert.deepEqual(joinReplies([ONE], 2), ONE)
  })

  it('counts on the choices and adds up the tokens', () => {
    assert.deepEqual(joinReplies([ONE, TWO], 2), replyOf(['a', 'b', 'c', 'd'], usageOf(11)))
  })

  it('counts on as many as were asked for, whatever came', () => {
    const joined = joinReplies([replyOf(['a'], undefined), replyOf(['c'], undefined)], 3)
    assert.deepEqual(joined.choices.map(({ index }) => index), [0, 3])
  })

  it('adds up what was counted', () => {
    const partly = { ...usageOf(1), reasoning: 5 }
    const { usage } = joinReplies([replyOf([], undefined), replyOf([], partly), TWO], 1)
    assert.deepEqual(usage, { ...usageOf(11), reasoning: 5 })
  })
})

describe('joinStreams()', () => {
  it('says what joinReplies() says', async () => {
    const joined = joinStreams(streamOf(ONE), [() => Promise.resolve(streamOf(TWO))], 2)
    assert.deepEqual(await collect(joined), joinReplies([ONE, TWO], 2))
  })

  it('tells the tokens once, last', async () => {
    const joined = joinStreams(streamOf(ONE), [() => Promise.resolve(streamOf(TWO))], 2)
    const events = (await Array.fromAsync(joined)).flat()
    const usages = events.filter(({ type }) => type === 'usage')
    assert.deepEqual(usages, [{ type: 'usage', usage: usageOf(11) }])
    assert.deepEqual(events.at(-1), usages[0])
  })

  it('opens the second when the first has ended', async () => {
    const seen: string[] = []
    const joined = joinStreams(streamOf(ONE), [() => {
      seen.push('opened')
      return Promise.resolve(streamOf(TWO))
    }], 2)
    for await (const events of joined) seen.push(events.map(({ type }) => type).join())
    assert.equal(seen.indexOf('opened'), 4)
    assert.equal(seen.length, 10)
  })

  it('fails with the second', async () => {
    const joined = joinStreams(streamOf(ONE), [() => Promise.reject(new Error('no'))], 2)
    await assert.rejects(Array.fromAsync(joined), /no/)
  })
})

/** A batch for the text of each choice and for its finish; the usage goes with the last. */
async function* streamOf({ choices, usage }: ChatReply): ChatEventBatches {
  const told: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
  for (const { index: choice, text, finishReason: reason } of choices) {
    yield [{ type: 'text-delta', choice, text }]
    yield [{ type: 'finish', choice, reason }, ...(choice === choices.length - 1 ? told : [])]
  }
  await Promise.resolve()
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
