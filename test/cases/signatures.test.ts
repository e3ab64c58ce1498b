import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { events, inTurn, piece, saying, text, whole } from './upstream.ts'

const CALL = { type: 'FUNCTION', name: 'f', arguments: '{"a":1}', thoughtSignature: 'c2lnbmVk' }
const MODEL = 'google.gemini-2.5-pro'

describe('thought signatures', () => {
  for (const stream of [false, true]) {
    it(
      `T29 sends thought signatures again although clients drop them (${
        stream ? 'streamed' : 'not streamed'
      })`,
      async () => {
        const message = { role: 'ASSISTANT', toolCalls: [CALL] }
        const gateway = await openTestGateway({
          upstream: inTurn(
            stream
              ? events(piece(message), { finishReason: 'stop' })
              : whole([{ index: 0, message, finishReason: 'stop' }]),
            saying(text('Done')),
          ),
        })
        const body = { model: MODEL, messages: [{ role: 'user', content: 'Do f' }] }
        const id = stream
          ? (await gateway.stream(body)).messages[0]?.tool_calls?.[0]?.id
          : (await gateway.ask(body)).reply.choices[0]?.message.tool_calls?.[0]?.id
        assert.match(id ?? '', /^call[a-z0-9]{24}$/)
        const called = { id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } }
        const { sent: [request] } = await gateway.ask({
          model: MODEL,
          messages: [
            ...body.messages,
            { role: 'assistant', content: null, tool_calls: [called] },
            { role: 'tool', tool_call_id: id, content: 'done' },
          ],
        })
        assert.match(JSON.stringify(request?.['messages']), /"thoughtSignature":"c2lnbmVk"/)
      },
    )
  }

  it('T29 sends no thought signatures unless they are from OCI', async () => {
    const gateway = await openTestGateway()
    const google = { google: { thought_signature: 'made up' } }
    const called = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const { sent: [request] } = await gateway.ask({
      model: MODEL,
      messages: [
        { role: 'user', content: 'Do f' },
        { role: 'assistant', content: null, tool_calls: [{ ...called, extra_content: google }] },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
    })
    assert.doesNotMatch(JSON.stringify(request), /made up|[sS]ignature/)
  })
})
