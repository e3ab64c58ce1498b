import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { referencedIds } from '../../src/openai/referenced-ids.ts'

const found = (body: object) =>
  [...referencedIds(body as Record<string, unknown>)].map(({ kind, id, param }) =>
    `${kind} ${id} ${param}`
  )
    .sort()

describe('referencedIds()', () => {
  const rows: [body: object, expected: string[]][] = [
    [{ previous_response_id: 'resp_1' }, ['response resp_1 previous_response_id']],
    [{ previous_response_id: '', conversation: null }, []],
    [{ conversation: 'conv_1' }, ['conversation conv_1 conversation']],
    [{ conversation: { id: 'conv_1' } }, ['conversation conv_1 conversation']],
    [{ conversation: {} }, ['conversation undefined conversation']],
    [{ file_ids: ['a', 'b', 5] }, [
      'file 5 file_ids[2]',
      'file a file_ids[0]',
      'file b file_ids[1]',
    ]],
    [
      {
        input: [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_2' }, {
          role: 'user',
          id: 'x',
          content: 'Hi',
        }],
      },
      ['item msg_1 input[0]', 'item msg_2 input[1]'],
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] },
      ['file f input[0].content[0].file_id'],
    ],
    [
      { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] },
      ['vector store vs_1 tools[0].vector_store_ids[0]'],
    ],
    [
      { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['f'] } }] },
      ['file f tools[0].container.file_ids[0]'],
    ],
    [{ tools: [{ container: 'cntr_1' }] }, ['container cntr_1 tools[0].container']],
    [{ tools: [{ parameters: { properties: { file_id: { type: 'string' } } } }] }, []],
    [{ tools: [{ container: { type: 'explicit', id: 'cntr_1' } }] }, [
      'container cntr_1 tools[0].container',
    ]],
    [{ tools: [{ vector_store_ids: { 0: 'vs_1' } }] }, [
      'vector store [object Object] tools[0].vector_store_ids',
    ]],
    [{ prompt: { variables: { metadata: { type: 'input_file', file_id: 'f' } } } }, [
      'file f prompt.variables.metadata.file_id',
    ]],
    [
      {
        input: [{ type: 'image_generation_call', id: 'ig_1' }, {
          type: 'image_generation_call',
          id: 'ig_2',
          result: 'iVBO',
        }],
      },
      ['item ig_1 input[0]'],
    ],
    [{ input: [{ type: 'reasoning', id: 'rs_1', summary: [{ text: 'x' }] }] }, [
      'item rs_1 input[0]',
    ]],
    [{ input: [{ type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAA' }] }, []],
    [{ input: [{ type: 'reasoning', id: 'rs_1', content: [{ text: 'x' }] }] }, []],
    // OCI has no reasoning of the gateway's own responses.
    [{ input: [{ type: 'reasoning', id: `rs_${'a'.repeat(24)}_0`, summary: [] }] }, []],
    [{ input: [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' }] }, [
      'item msg_1 input[0]',
    ]],
    [{ input: [{ type: 'message', id: 'msg_1', role: 'assistant', content: [] }] }, [
      'item msg_1 input[0]',
    ]],
    [{ input: [{ type: 'function_call', id: 'fc_1' }] }, ['item fc_1 input[0]']],
    [{ input: [{ type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f' }] }, []],
    [{ input: [{ type: 'file_search_call', id: 'fs_1', queries: ['x'], results: null }] }, [
      'item fs_1 input[0]',
    ]],
    [{ input: [{ type: 'reasoning', id: '' }] }, []],
    [{ items: [{ type: 'reasoning', id: 'rs_1' }] }, ['item rs_1 items[0]']],
    [{ input: [{ type: 'mcp_approval_response', approval_request_id: 'mcpr_1' }] }, [
      'item mcpr_1 input[0].approval_request_id',
    ]],
    [
      {
        input: [
          { type: 'mcp_approval_request', id: 'mcpr_1', name: 'f' },
          { type: 'mcp_approval_response', approval_request_id: 'mcpr_1' },
        ],
      },
      [],
    ],
    // An item of another type with the same id is not the request that OCI looks up.
    [
      {
        input: [
          { type: 'message', id: 'mcpr_1', role: 'user', content: 'x' },
          { type: 'mcp_approval_response', approval_request_id: 'mcpr_1' },
        ],
      },
      ['item mcpr_1 input[1].approval_request_id'],
    ],
    [
      {
        items: [
          { type: 'mcp_approval_request', id: 'mcpr_1', name: 'f' },
          { type: 'mcp_approval_response', approval_request_id: 'mcpr_1' },
        ],
      },
      [],
    ],
    [{ prompt: { id: 'pmpt_1', version: '2' } }, ['prompt pmpt_1 prompt.id']],
    [{ prompt: 'A bicycle' }, []],
    [{ prompt: {}, input: [null, 5] }, []],
    [{ metadata: { file_id: 'mine' }, attributes: { container: 'x' } }, []],
    [{ input: [{ content: [{ annotations: [{ file_id: 'cited' }] }], role: 'assistant' }] }, []],
    [{ input: 'text', model: 'x', tools: null }, []],
  ]
  for (const [body, expected] of rows) {
    it(`finds ${expected.length} in ${JSON.stringify(body)}`, () => {
      assert.deepEqual(found(body), expected)
    })
  }

  it('reads deep and long bodies', () => {
    let deep: object = { file_id: 'f' }
    for (let depth = 0; depth < 100; depth++) deep = { a: [deep] }
    assert.equal(found(deep).length, 1)
    assert.equal(
      found({ input: Array.from({ length: 200_000 }, () => ({ role: 'user' })) }).length,
      0,
    )
  })
})
