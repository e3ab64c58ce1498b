import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type NewPrice, newPrice } from '../../src/prices/new-price.ts'
import { storePrice } from '../../src/prices/price-book.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { formOf, IMAGE, SPEECH } from '../cases/endpoints.ts'
import { CLUSTER } from '../oci-names.ts'
import { changeOf } from '../store/records.ts'
import { openKeyedGateway } from './gateway.ts'

const ADMIN_KEY = 'administration-key'
const [TALK, DRAW, HEAR] = ['/audio/speech', '/images/generations', '/audio/transcriptions']
const FORM = formOf({ model: CLUSTER })

/** A gateway whose only prices are the built-in ones and `given`, which is for all models. */
async function open(given: Omit<NewPrice, 'model'> | undefined) {
  const store = createMemoryStore()
  if (given) {
    const result = newPrice({ ...given, model: '*' }, '2026-11-28')
    assert.ok(result.type === 'price')
    await store.setPrice(storePrice(result.price), changeOf('set', '*'))
  }
  return await openKeyedGateway({ store, env: { GATEWAY_ADMIN_KEY: ADMIN_KEY } })
}

describe('speech, images and transcriptions', () => {
  /** `cost`: in USD, or `null` if what the price counts is not known. */
  const rows: [
    name: string,
    price: Omit<NewPrice, 'model'> | undefined,
    path: string,
    body: object | FormData,
    cost: string | null,
  ][] = [
    ['speech without a price', undefined, TALK, SPEECH, null],
    ['an image without a price', undefined, DRAW, IMAGE, null],
    ['a transcription without a price', undefined, HEAR, FORM, null],
    ['speech by tokens', { input: '1' }, TALK, SPEECH, null],
    ['an image by tokens', { input: '1', output: '2' }, DRAW, IMAGE, null],
    ['an image by search units', { metric: 'searchUnits', input: '1' }, DRAW, IMAGE, null],
    ['a form by characters', { metric: 'characters', input: '1' }, HEAR, FORM, null],
    ['an image by requests', { metric: 'requests', per: 1, input: '0.04' }, DRAW, IMAGE, '0.04'],
    ['a form by requests', { metric: 'requests', input: '3' }, HEAR, FORM, '0.003'],
    ['speech by characters', { metric: 'characters', per: 1, input: '0.01' }, TALK, SPEECH, '0.05'],
  ]
  for (const [name, price, path, body, cost] of rows) {
    it(`${cost === null ? 'have no cost' : 'cost what is counted'}: ${name}`, async () => {
      const gateway = await open(price)
      const free = await gateway.createKey({ name: 'free' })
      const limited = await gateway.createKey({ name: 'limited', budget: '5/month' })
      const send = async (key: string) => {
        const isForm = body instanceof FormData
        return await gateway.gateway.app.request(`http://localhost/v1${path}`, {
          ...{ method: 'POST', body: isForm ? body : JSON.stringify(body) },
          headers: {
            authorization: `Bearer ${key}`,
            ...(!isForm && { 'content-type': 'application/json' }),
          },
        })
      }
      const answer = await send(free.text)
      await answer.arrayBuffer()
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.has('x-oci-cost'), cost !== null)
      const budgeted = await send(limited.text)
      if (cost === null) {
        const { error } = await budgeted.json()
        assert.deepEqual([budgeted.status, error.code], [403, 'model_not_priced'])
        assert.match(error.message, /--metric requests --per 1 --input USD$/)
      } else assert.equal(budgeted.status, 200, await budgeted.text())
      await gateway.gateway.stored?.metering.flush()
      const usage = await gateway.send('/admin/v1/usage?by=key', { key: ADMIN_KEY })
      const rows: { key: string; cost: string | null; withoutCost: number }[] = await usage.json()
      const own = rows.find(({ key }) => key === 'free')
      assert.equal(own?.cost && Number(own.cost), cost && Number(cost))
      assert.equal(own?.withoutCost, cost === null ? 1 : 0)
    })
  }
})
