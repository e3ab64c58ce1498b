import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from '../../../src/chat/collect.ts'
import type { ChatEvent, ChatEventBatches } from '../../../src/chat/events.ts'
import type { ChatReply, Usage } from '../../../src/chat/model.ts'
import { replay } from '../../../src/chat/replay.ts'
import type { Answer } from '../../../src/oci/answer.ts'
import { fanOut, joinReplies, joinStreams, requiredCalls } from '../../../src/oci/chat/fan-out.ts'
import type { CallContext } from '../../../src/oci/call.ts'
import { createCall } from '../context.ts'
import { request } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

const stays = createCall()

describe('countCalls()', () => {
  const cases: [choices: number | undefined, multipleChoices: boolean, calls: number][] = [
    [undefined, false, 1],
    [1, false, 1],
    [2, false, 2],
    [8, false, 8],
    [9, true, 1],
  ]
  for (const [choices, multipleChoices, calls] of cases) {
    const native = multipleChoices ? 'together' : 'one by one'
    it(`P12 needs ${calls} calls for ${choices} choices that are returned ${native}`, () => {
      assert.equal(requiredCalls(request({ choices }), profile({ multipleChoices })), calls)
    })
  }

  it('P12 rejects more than eight', () => {
    assert.throws(
      () => requiredCalls(request({ choices: 9 }), profile({ multipleChoices: false })),
      {
        code: 'invalid_request',
        message: '"n" must be at most 8 for this model',
        param: 'n',
      },
    )
  })
})

describe('askSeveral()', () => {
  it('returns the answer of a single call unchanged', async () => {
    const one = answer(reply('a', usage(1)), 'id')
    const asked = await fanOut(1, stays, () => Promise.resolve(one), joinReplies)
    assert.equal(asked, one)
  })

  it('P12 numbers the choices, sums the usage, and joins the ids of all calls', async () => {
    const answers = [answer(reply('a', usage(1)), 'x'), answer(reply('b', usage(2)), 'y')]
    let calls = 0
    const ask = () => Promise.resolve(answers[calls++]!)
    assert.deepEqual(await fanOut(2, stays, ask, joinReplies), {
      value: { ...reply('a', usage(3)), choices: [...choices('a', 0), ...choices('b', 1)] },
      opcRequestId: 'x, y',
      warnings: ['w'],
      region: 'us-chicago-1',
      attempts: 4,
    })
  })

  it('aborts the other calls when one fails', async () => {
    const signals: AbortSignal[] = []
    const ask = ({ signal }: CallContext) => {
      signals.push(signal)
      return signals.length === 1
        ? Promise.reject(new Error('no'))
        : new Promise<Answer<ChatReply>>(() => {})
    }
    await assert.rejects(fanOut(3, stays, ask, joinReplies), { message: 'no' })
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true, true])
  })

  it('aborts all calls when the client disconnects', async () => {
    const client = new AbortController()
    const reason = new Error('left')
    const ask = ({ signal }: CallContext) =>
      new Promise<Answer<ChatReply>>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const asked = fanOut(2, createCall(client.signal), ask, joinReplies)
    client.abort(reason)
    await assert.rejects(asked, reason)
  })
})

describe('joinStreams()', () => {
  it('P12 gives what joinReplies() gives', async () => {
    const replies = [reply('a b c', usage(1)), reply('d', undefined), reply('e f', usage(2))]
    const streams = replies.map((one) => stream(replay(one)))
    const joined = await collect(joinStreams(streams, new AbortController()))
    assert.deepEqual(joined, joinReplies(replies))
  })

  it('gives events when they come, whichever stream they are of, and the usage last', async () => {
    const slow = Promise.withResolvers<void>()
    async function* first(): ChatEventBatches {
      await slow.promise
      yield [text('slow')]
      yield [{ type: 'usage', usage: usage(1) }]
    }
    const quick = stream([[text('quick')], [{ type: 'usage', usage: usage(2) }]])
    const seen: ChatEvent[] = []
    for await (const batch of joinStreams([first(), quick], new AbortController())) {
      seen.push(...batch)
      if (seen.length > 0) slow.resolve()
    }
    assert.deepEqual(seen, [
      { ...text('quick'), choice: 1 },
      text('slow'),
      { type: 'usage', usage: usage(3) },
    ])
  })

  it('fails as soon as one fails, and ends the others', async () => {
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
    await assert.rejects(collect(joinStreams([silent(), failing()], abort)), { message: 'no' })
    assert.equal(abort.signal.aborted, true)
  })

  it('ends all when nobody reads on', async () => {
    const abort = new AbortController()
    for await (const _ of joinStreams([stream([[text('a')], [text('b')]])], abort)) break
    assert.equal(abort.signal.aborted, true)
  })
})

function text(words: string): Extract<ChatEvent, { type: 'text-delta' }> {
  return { type: 'text-delta', choice: 0, text: words }
}

async function* stream(batches: readonly (readonly ChatEvent[])[]): ChatEventBatches {
  yield* batches
}

function choices(words: string, index: number): ChatReply['choices'] {
  return [{
    index,
    text: words,
    reasoning: '',
    refusal: '',
    toolCalls: [],
    annotations: [],
    logprobs: [],
    finishReason: 'stop',
  }]
}

function reply(words: string, used: Usage | undefined): ChatReply {
  return { choices: choices(words, 0), usage: used, serviceTier: undefined, created: undefined }
}

function usage(count: number): Usage {
  return {
    prompt: count,
    completion: count,
    total: 2 * count,
    cached: undefined,
    reasoning: count,
    acceptedPrediction: undefined,
    rejectedPrediction: undefined,
  }
}

function answer(value: ChatReply, opcRequestId: string): Answer<ChatReply> {
  return { value, opcRequestId, warnings: ['w'], region: 'us-chicago-1', attempts: 2 }
}
