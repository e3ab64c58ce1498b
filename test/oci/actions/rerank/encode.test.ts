import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeRequest } from '../../../../src/oci/actions/rerank/encode.ts'
import type { RerankTextDetails } from '../../../../src/oci/actions/rerank/wire.ts'
import type { RerankRequest } from '../../../../src/rerank/model.ts'
import { COMPARTMENT } from '../../context.ts'
import { profile } from '../../profile.ts'
import { rerankRequest } from './request.ts'

type Case = [name: string, asked: Partial<RerankRequest>, sent: Partial<RerankTextDetails>]

const cases: Case[] = [
  ['V12 sends no more than was asked for', {}, {}],
  ['V12 asks for the best', { top: 1 }, { topN: 1 }],
  ['V12 asks for no more than there are', { top: 10 }, { topN: 2 }],
  ['V12 asks for the documents', { echo: true }, { isEcho: true }],
  ['bounds the chunks', { maxChunksPerDocument: 5 }, { maxChunksPerDocument: 5 }],
  ['bounds the tokens', { maxTokensPerDocument: 500 }, { maxTokensPerDocument: 500 }],
]

describe('encodeRequest()', () => {
  for (const [name, asked, sent] of cases) {
    it(name, () => {
      const known = { model: 'acme.rank', name: 'acme.rank', profile: profile() }
      const body = encodeRequest(rerankRequest(asked), { ...known, compartmentId: COMPARTMENT })
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
