import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PassedRequest } from '../../src/oci/relay/pass-through.ts'
import { listOwned } from '../../src/routes/owned-list.ts'

const REQUEST: PassedRequest = {
  method: 'GET',
  host: 'inference',
  segments: ['files'],
  query: [],
  answer: 'json',
  service: 'oci-files',
  repeats: 'always',
  needsProject: false,
  region: 'first',
}

describe('listOwned()', () => {
  it('passes on no member of a list that may depend on the objects of others', async () => {
    const json = {
      ...{ object: 'list', data: [{ id: 'file-own' }, { id: 'file-foreign' }], has_more: false },
      ...{ first_id: 'file-own', last_id: 'file-foreign' },
      ...{ total: 2, next_page: 'file-foreign' },
    }
    const { value } = await listOwned(REQUEST, {
      oci: {
        passThrough: () =>
          Promise.resolve({
            value: { type: 'whole', json },
            warnings: [],
            opcRequestId: undefined,
          }),
      },
      call: { signal: new AbortController().signal, requestId: 'r' },
      access: { owned: () => Promise.resolve(new Set(['file-own'])) },
      limits: { maxUpstreamCalls: 20 },
    })
    assert.deepEqual(value, {
      type: 'whole',
      json: {
        ...{ object: 'list', data: [{ id: 'file-own' }], has_more: false },
        ...{ first_id: 'file-own', last_id: 'file-own' },
      },
    })
  })
})
