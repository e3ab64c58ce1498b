import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeRequest } from '../../../../src/oci/actions/rerank/encode.ts'
import type { RerankTextDetails } from '../../../../src/oci/actions/rerank/wire.ts'
import type { RerankRequest } from '../../../../src/rerank/model.ts'
import { COMPARTMENT } from '../../context.ts'
import { profile } from '../../profile.ts'
import { rerankRequest } from './request.ts'

type Case = [name: string, request: Partial<RerankRequest>, sent: Partial<RerankTextDetails>]

const cases: Case[] = [
  ['V12 sends only requested parameters', {}, {}],
  ['V12 sends the number of results', { top: 1 }, { topN: 1 }],
  ['V12 limits the results to the number of documents', { top: 10 }, { topN: 2 }],
  ['V12 requests the documents', { echo: true }, { isEcho: true }],
  ['sends the maximum of chunks', { maxChunksPerDocument: 5 }, { maxChunksPerDocument: 5 }],
  ['sends the maximum of tokens', { maxTokensPerDocument: 500 }, { maxTokensPerDocument: 500 }],
]

describe('encodeRequest()', () => {
  for (const [name, request, sent] of cases) {
    it(name, () => {
      const model = { model: 'acme.rank', name: 'acme.rank', profile: profile() }
      const body = encodeRequest(rerankRequest(request), { ...model, compartmentId: COMPARTMENT })
      assert.deepEqual(body, {
        compartmentId: COMPARTMENT,
        servingMode: { servingType: 'ON_DEMAND', modelId: 'acme.rank' },
        input: 'which?',
        documents: ['a', 'b'],
        topN: undefined,
        isEcho: undefined,
        maxChunksPerDocument: undefined,
        maxTokensPerDocument: undefined,
        ...sent,
      })
    })
  }
})
