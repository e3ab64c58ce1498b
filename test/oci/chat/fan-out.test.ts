import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AbortState } from '../../../src/abort.ts'
import { joinReplies } from '../../../src/chat/join.ts'
import type { ChatReply, Usage } from '../../../src/chat/model.ts'
import type { Answer } from '../../../src/oci/answer.ts'
import { fanOut, requiredCalls } from '../../../src/oci/chat/fan-out.ts'
import type { CallContext } from '../../../src/oci/call.ts'
import { createCall } from '../context.ts'
import { request } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

const stays = createCall()
const join = (replies: readonly ChatReply[]) => joinReplies(replies, 1)

describe('requiredCalls()', () => {
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

describe('fanOut()', () => {
  it('returns the answer of a single call unchanged', async () => {
    const one = answer(reply('a', usage(1)), 'id')
    const asked = await fanOut(1, stays, () => Promise.resolve(one), join)
    assert.equal(asked, one)
  })

  it('P12 numbers the choices, sums the usage, and joins the ids of all calls', async () => {
    const answers = [answer(reply('a', usage(1)), 'x'), answer(reply('b', usage(2)), 'y')]
    let calls = 0
    const ask = () => Promise.resolve(answers[calls++]!)
    assert.deepEqual(await fanOut(2, stays, ask, join), {
      value: { ...reply('a', usage(3)), choices: [...choices('a', 0), ...choices('b', 1)] },
      opcRequestId: 'x, y',
      warnings: ['w'],
      region: 'us-chicago-1',
      attempts: 4,
      fallback: undefined,
    })
  })

  it('aborts the other calls when one fails', async () => {
    const signals: AbortState[] = []
    const ask = ({ signal }: CallContext) => {
      signals.push(signal)
      return signals.length === 1
        ? Promise.reject(new Error('no'))
        : new Promise<Answer<ChatReply>>(() => {})
    }
    await assert.rejects(fanOut(3, stays, ask, join), { message: 'no' })
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true, true])
  })

  it('aborts all calls when the client disconnects', async () => {
    const client = new AbortController()
    const reason = new Error('left')
    const ask = ({ signal }: CallContext) =>
      new Promise<Answer<ChatReply>>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const asked = fanOut(2, createCall(client.signal), ask, join)
    client.abort(reason)
    await assert.rejects(asked, reason)
  })
})

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
