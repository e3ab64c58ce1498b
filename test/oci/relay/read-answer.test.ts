import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_TIMEOUTS } from '../../../src/oci/context.ts'
import { readAnswer } from '../../../src/oci/relay/read-answer.ts'
import { referencedIds } from '../../../src/openai/referenced-ids.ts'
import { createPlatform } from '../platform.ts'

const OUTPUT = [
  { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: '' },
  { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'gAAA' },
  { type: 'file_search_call', id: 'fs_1', queries: ['x'], results: null },
  { type: 'mcp_call', id: 'mcp_1', name: 'f', arguments: '{}', output: '', error: null },
  { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '' },
  { type: 'message', id: 'msg_1', role: 'assistant', content: [] },
  { type: 'message', id: 'msg_2', role: 'assistant', content: [{ type: 'output_text', text: '' }] },
]

/** The ids that are recorded when OCI answers with a response. */
async function recordedIds(response: object, isStreamed: boolean): Promise<string[]> {
  const recorded: string[] = []
  const event = { type: 'response.completed', response }
  const options = {
    ...{ call: {}, signal: new AbortController().signal, rename: undefined },
    ends: 'response',
    access: {
      record: (ids: readonly string[]) => void recorded.push(...ids),
      recorded: () => Promise.resolve(),
    },
  } as const
  const answer = await readAnswer(
    isStreamed
      ? new Response(`event: response.completed\ndata: ${JSON.stringify(event)}\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      })
      : Response.json(response),
    options,
    { timeouts: DEFAULT_TIMEOUTS, platform: createPlatform() },
  )
  if (answer.type === 'stream') await Array.fromAsync(answer.batches)
  return [...new Set(recorded)].sort()
}

describe('readAnswer()', () => {
  for (const isStreamed of [false, true]) {
    const kind = isStreamed ? 'a stream' : 'a whole answer'
    it(`records what a client may send back of ${kind} that OCI does not store`, async () => {
      const response = { id: 'resp_1', object: 'response', store: false, output: OUTPUT }
      const recorded = await recordedIds(response, isStreamed)
      const checked = [...referencedIds({ input: OUTPUT })].map(({ id }) => String(id))
      assert.deepEqual(recorded, checked.sort())
      assert.deepEqual(recorded, ['fs_1', 'mcp_1', 'msg_1', 'rs_1'])
    })

    it(`records the response and all items of ${kind} that OCI stores`, async () => {
      const response = { id: 'resp_1', object: 'response', store: true, output: OUTPUT }
      const ids = ['resp_1', ...OUTPUT.map(({ id }) => id)]
      assert.deepEqual(await recordedIds(response, isStreamed), ids.sort())
    })
  }
})
