import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeReply } from '../../../src/openai/responses/encode.ts'
import { createMemoryStore } from '../../../src/openai/responses/memory-store.ts'
import { recall, type StoreAccess, withItemIds } from '../../../src/openai/responses/recall.ts'
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

  it('F2: reads each stored response once, however many of its items are meant', async () => {
    const { kept, reads } = await counting()
    const input = [`msg_${OWN}_1`, `rs_${OWN}_0`, `in_${OWN}_i0`].map((id) => ({ id }))
    const { own } = await recall(asking({ input }), kept)
    assert.deepEqual(own, [SAID[1], SAID[0], HELLO])
    assert.deepEqual(reads, [ID])
  })

  it('F2: does not read the response again that the request continues', async () => {
    const { kept, reads } = await counting()
    const asked = asking({ input: [{ id: `rs_${OWN}_0` }], previous_response_id: ID })
    assert.deepEqual((await recall(asked, kept)).own, [SAID[0]])
    assert.deepEqual(reads, [ID])
  })

  const LIMITS = { maxItemReferences: 2, maxMessages: 4 }
  const ids = [0, 1, 2].map((at) => ({ id: `msg_${OWN}_${at}` }))
  const tooMany: [name: string, part: object, param: string, message: RegExp][] = [
    ['references', { input: ids }, 'input', /^Too many item references: 3, at most 2/],
    [
      'items',
      { input: Array.from({ length: 5 }, () => USER) },
      'input',
      /^Too many input items: 5/,
    ],
    [
      'items together with those of the conversation',
      { input: [USER, USER], previous_response_id: ID },
      'input',
      /^Too many input items: 5, at most 4 are allowed \(limits\.maxMessages\)$/,
    ],
  ]
  for (const [name, part, param, message] of tooMany) {
    it(`F2: refuses too many ${name}`, async () => {
      const recalled = recall(asking(part), await keeping(), LIMITS)
      await assert.rejects(recalled, { status: 400, param, message })
    })
  }

  it('F2: refuses a conversation of too many items', async () => {
    const asked = asking({ previous_response_id: ID })
    const limits = { ...LIMITS, maxMessages: 2 }
    const expected = { status: 400, param: 'previous_response_id' }
    await assert.rejects(recall(asked, await keeping(), limits), expected)
  })

  it('F2: refuses a second reference to the same item', async () => {
    const input = [{ id: `rs_${OWN}_0` }, USER, { id: `rs_${OWN}_0` }]
    await assert.rejects(recall(asking({ input }), await keeping()), {
      status: 400,
      param: 'input[2]',
      message: `input[2] refers to the item "rs_${OWN}_0" a second time: remove it`,
    })
  })

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

async function keeping(): Promise<StoreAccess> {
  const store = createMemoryStore({ maxItems: 10, maxBytes: 1_000_000, ttl: 1_000 }, () => 0)
  await store.put({ response: ANSWER, input: [HELLO] }, 'ann')
  return { store, owner: 'ann' }
}

/** A store that notes which responses are read. */
async function counting(): Promise<{ kept: StoreAccess; reads: string[] }> {
  const { store, owner } = await keeping()
  const reads: string[] = []
  const noting: StoreAccess['store'] = store && {
    get(id, owner) {
      reads.push(id)
      return store.get(id, owner)
    },
    put: (stored, owner) => store.put(stored, owner),
    delete: (id, owner) => store.delete(id, owner),
  }
  return { kept: { store: noting, owner }, reads }
}

function asking(part: object): ResponsesRequest {
  return { model: 'acme.one', stream: false, input: 'Hi', ...part }
}
