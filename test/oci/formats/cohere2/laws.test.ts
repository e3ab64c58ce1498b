import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeReply } from '../../../../src/oci/formats/cohere2/decode.ts'
import { COHERE2 } from '../../../../src/oci/formats/cohere2/format.ts'
import { constant, decodeAll, decodeBatches, fixture, fold, slices } from '../cohere/stream.ts'
import { messages } from '../generic/stream.ts'
import { grapheme } from '../../../characters.ts'

describe('createStreamDecoder()', () => {
  it('reads cohere2-text identically in any batches', () => {
    const stream = fixture('cohere2-text')
    const expected = decodeAll(COHERE2, stream)
    fc.assert(fc.property(fc.array(fc.nat(stream.length)), (at) => {
      assert.deepEqual(decodeBatches(COHERE2, slices(stream, at)), expected)
    }))
  })

  it('emits in pieces what decodeReply() reads at once', () => {
    fc.assert(fc.property(answers(), fc.boolean(), (answer, isCut) => {
      const { reasoning, pieces, plan, calls, finishReason, usage } = answer
      const parts = [
        ...reasoning.map((thinking) => ({ type: 'THINKING', thinking })),
        ...pieces.map((text) => ({ type: 'TEXT', text })),
      ]
      const toolCalls = calls.map(({ id, name, json }) => callOf(id, { name, arguments: json }))
      const complete = {
        message: { toolPlan: plan, content: parts, toolCalls },
        finishReason,
        usage,
      }
      const stream = messages(
        { message: { toolPlan: plan } },
        ...parts.map((part) => ({ message: { content: [part] } })),
        ...calls.flatMap(({ id, name, json }) =>
          isCut
            ? [
              callOf(id, { name, arguments: json.slice(0, 3) }),
              callOf(undefined, { arguments: json.slice(3) }),
            ]
            : [callOf(id, { name, arguments: json })]
        ).map((call) => ({ message: { toolCalls: [call] } })),
        { message: { role: 'ASSISTANT' }, finishReason },
        { usage },
      )
      const expected = decodeReply({ chatResponse: complete }, constant())
      assert.deepEqual(fold(decodeAll(COHERE2, stream)), expected)
    }))
  })
})

function callOf(id: string | undefined, called: object): object {
  return { id, type: 'FUNCTION', function: called }
}

function answers() {
  const pieces = fc.array(fc.string({ unit: grapheme }), { maxLength: 5 })
  const call = fc.record({
    id: fc.uuid(),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    json: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
  })
  return fc.record({
    reasoning: pieces,
    pieces,
    plan: fc.string(),
    calls: fc.array(call, { maxLength: 3 }),
    finishReason: fc.constantFrom('COMPLETE', 'TOOL_CALL', 'MAX_TOKENS', 'STOP_SEQUENCE', 'ODD'),
    usage: fc.option(
      fc.record({ promptTokens: fc.nat(), completionTokens: fc.nat(), totalTokens: fc.nat() }),
      { nil: undefined },
    ),
  })
}
