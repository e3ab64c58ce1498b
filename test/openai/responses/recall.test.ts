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
const OUTPUT = ANSWER.output.map((item) => ({ ...item }))
const USER = { role: 'user', content: 'Go on' }

describe('recall()', () => {
  it('turns a string into a message', async () => {
    const { own } = await recall(requestOf({ input: 'Hi' }), await openAccess())
    assert.deepEqual(own, [{ type: 'message', role: 'user', content: 'Hi' }])
  })

  it('does not change items', async () => {
    const { own, previous } = await recall(
      requestOf({ input: [USER, 5, null] }),
      await openAccess(),
    )
    assert.deepEqual(own, [USER, 5, null])
    assert.deepEqual(previous, [])
  })

  it('N04 finds the conversation that the request continues', async () => {
    const payload = requestOf({ input: [USER], previous_response_id: ID })
    const { own, previous } = await recall(payload, await openAccess())
    assert.deepEqual(previous, [HELLO, ...OUTPUT])
    assert.deepEqual(own, [USER])
  })

  const references: [name: string, item: object, found: object | undefined][] = [
    ['an item of the output', { type: 'item_reference', id: `msg_${OWN}_1` }, OUTPUT[1]],
    ['reasoning, by its id only', { id: `rs_${OWN}_0` }, OUTPUT[0]],
    ['an item whose type is null', { type: null, id: `in_${OWN}_i0` }, HELLO],
  ]
  for (const [name, item, found] of references) {
    it(`replaces a reference by ${name}`, async () => {
      const { own } = await recall(requestOf({ input: [USER, item] }), await openAccess())
      assert.deepEqual(own, [USER, found])
    })
  }

  const rejected: [name: string, part: object, param: string][] = [
    [
      'a response that is not stored',
      { previous_response_id: `${ID.slice(0, -1)}0` },
      'previous_response_id',
    ],
    ["a response of OCI's", { previous_response_id: 'resp_68' }, 'previous_response_id'],
    ['an item that its response does not have', {
      input: [USER, { type: 'item_reference', id: `msg_${OWN}_7` }],
    }, 'input[1]'],
    ["an item of OCI's", { input: [{ type: 'item_reference', id: 'msg_68' }] }, 'input[0]'],
  ]
  for (const [name, part, param] of rejected) {
    it(`rejects ${name}`, async () => {
      await assert.rejects(recall(requestOf(part), await openAccess()), { status: 400, param })
    })
  }

  it('F2: reads each stored response once, however many of its items are referenced', async () => {
    const { kept, reads } = await counting()
    const input = [`msg_${OWN}_1`, `rs_${OWN}_0`, `in_${OWN}_i0`].map((id) => ({ id }))
    const { own } = await recall(requestOf({ input }), kept)
    assert.deepEqual(own, [OUTPUT[1], OUTPUT[0], HELLO])
    assert.deepEqual(reads, [ID])
  })

  it('F2: does not read the continued response a second time', async () => {
    const { kept, reads } = await counting()
    const payload = requestOf({ input: [{ id: `rs_${OWN}_0` }], previous_response_id: ID })
    assert.deepEqual((await recall(payload, kept)).own, [OUTPUT[0]])
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
    it(`F2: rejects too many ${name}`, async () => {
      const recalled = recall(requestOf(part), await openAccess(), LIMITS)
      await assert.rejects(recalled, { status: 400, param, message })
    })
  }

  it('F2: rejects a conversation of too many items', async () => {
    const payload = requestOf({ previous_response_id: ID })
    const limits = { ...LIMITS, maxMessages: 2 }
    const expected = { status: 400, param: 'previous_response_id' }
    await assert.rejects(recall(payload, await openAccess(), limits), expected)
  })

  it('F2: rejects a second reference to the same item', async () => {
    const input = [{ id: `rs_${OWN}_0` }, USER, { id: `rs_${OWN}_0` }]
    await assert.rejects(recall(requestOf({ input }), await openAccess()), {
      status: 400,
      param: 'input[2]',
      message: `input[2] repeats the reference to "rs_${OWN}_0". Remove it`,
    })
  })

  it('finds nothing for another owner', async () => {
    const bob = { ...await openAccess(), owner: 'bob' }
    await assert.rejects(recall(requestOf({ previous_response_id: ID }), bob), { status: 400 })
    const input = [{ type: 'item_reference', id: `msg_${OWN}_1` }]
    await assert.rejects(recall(requestOf({ input }), bob), { status: 400 })
  })
})

describe('withItemIds()', () => {
  it('adds an id to each item without one', () => {
    const items = [{ ...USER, id: 'msg_1' }, USER, { ...USER, id: '' }]
    assert.deepEqual(withItemIds(items, ID).map(({ id }) => id), [
      'msg_1',
      `in_${OWN}_i1`,
      `in_${OWN}_i2`,
    ])
  })
})

async function openAccess(): Promise<StoreAccess> {
  const store = createMemoryStore({ maxItems: 10, maxBytes: 1_000_000, ttl: 1_000 }, () => 0)
  await store.put({ response: ANSWER, input: [HELLO] }, 'ann')
  return { store, owner: 'ann' }
}

/** A store that records which responses are read. */
async function counting(): Promise<{ kept: StoreAccess; reads: string[] }> {
  const { store, owner } = await openAccess()
  const reads: string[] = []
  const recording: StoreAccess['store'] = store && {
    get(id, owner) {
      reads.push(id)
      return store.get(id, owner)
    },
    put: (stored, owner) => store.put(stored, owner),
    delete: (id, owner) => store.delete(id, owner),
  }
  return { kept: { store: recording, owner }, reads }
}

function requestOf(part: object): ResponsesRequest {
  return { model: 'acme.one', stream: false, input: 'Hi', ...part }
}
