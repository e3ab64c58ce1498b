import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeReply } from '../../../src/openai/responses/encode.ts'
import { createMemoryStore } from '../../../src/openai/responses/memory-store.ts'
import { type Kept, recall, withItemIds } from '../../../src/openai/responses/recall.ts'
import type { ResponsesRequest } from '../../../src/openai/responses/schema.ts'
import type { StoredItem } from '../../../src/openai/responses/store.ts'
import { choice, reply } from '../chat/reply.ts'
import { frame, ID, OWN } from './frame.ts'

const HELLO: StoredItem = { type: 'message', role: 'user', content: 'Hello', id: `in_${OWN}_i0` }
const ANSWER = encodeReply(reply({ choices: [choice({ text: 'Hi', reasoning: 'Hm' })] }), frame())
const SAID = ANSWER.output.map((item) => ({ ...item }))
const USER = { role: 'user', content: 'Go on' }

describe('recall()', () => {
  it('makes a message of a text', async () => {
    const { own } = await recall(asking({ input: 'Hi' }), await keeping())
    assert.deepEqual(own, [{ type: 'message', role: 'user', content: 'Hi' }])
  })

  it('leaves items as they are', async () => {
    const { own, previous } = await recall(asking({ input: [USER, 5, null] }), await keeping())
    assert.deepEqual(own, [USER, 5, null])
    assert.deepEqual(previous, [])
  })

  it('N04 finds the conversation that is gone on from', async () => {
    const asked = asking({ input: [USER], previous_response_id: ID })
    const { own, previous } = await recall(asked, await keeping())
    assert.deepEqual(previous, [HELLO, ...SAID])
    assert.deepEqual(own, [USER])
  })

  const references: [name: string, item: object, found: object | undefined][] = [
    ['an item that was said', { type: 'item_reference', id: `msg_${OWN}_1` }, SAID[1]],
    ['a thought, by its id alone', { id: `rs_${OWN}_0` }, SAID[0]],
    ['an item whose type is null', { type: null, id: `in_${OWN}_i0` }, HELLO],
  ]
  for (const [name, item, found] of references) {
    it(`puts ${name} in the place of its reference`, async () => {
      const { own } = await recall(asking({ input: [USER, item] }), await keeping())
      assert.deepEqual(own, [USER, found])
    })
  }

  const refused: [name: string, part: object, param: string][] = [
    [
      'a response that is not kept',
      { previous_response_id: `${ID.slice(0, -1)}0` },
      'previous_response_id',
    ],
    ["a response of OCI's", { previous_response_id: 'resp_68' }, 'previous_response_id'],
    ['an item that its response has not', {
      input: [USER, { type: 'item_reference', id: `msg_${OWN}_7` }],
    }, 'input[1]'],
    ["an item of OCI's", { input: [{ type: 'item_reference', id: 'msg_68' }] }, 'input[0]'],
  ]
  for (const [name, part, param] of refused) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(recall(asking(part), await keeping()), { status: 400, param })
    })
  }

  it('finds nothing for another owner', async () => {
    const bob = { ...await keeping(), owner: 'bob' }
    await assert.rejects(recall(asking({ previous_response_id: ID }), bob), { status: 400 })
    const input = [{ type: 'item_reference', id: `msg_${OWN}_1` }]
    await assert.rejects(recall(asking({ input }), bob), { status: 400 })
  })
})

describe('withItemIds()', () => {
  it('gives an id to each item that has none', () => {
    const items = [{ ...USER, id: 'msg_1' }, USER, { ...USER, id: '' }]
    assert.deepEqual(withItemIds(items, ID).map(({ id }) => id), [
      'msg_1',
      `in_${OWN}_i1`,
      `in_${OWN}_i2`,
    ])
  })
})

async function keeping(): Promise<Kept> {
  const store = createMemoryStore({ most: 10, bytes: 1_000_000, age: 1_000 }, () => 0)
  await store.put({ response: ANSWER, input: [HELLO] }, 'ann')
  return { store, owner: 'ann' }
}

function asking(part: object): ResponsesRequest {
  return { model: 'acme.one', stream: false, input: 'Hi', ...part }
}
