import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EmbeddingInput, EmbeddingRequest } from '../../../../src/embeddings/model.ts'
import { toApiError } from '../../../../src/errors.ts'
import { embed } from '../../../../src/oci/actions/embeddings/embed.ts'
import type { Meter, TokenCounts } from '../../../../src/oci/call.ts'
import type { OciContext } from '../../../../src/oci/context.ts'
import { type ResolvedModel, resolveModel } from '../../../../src/oci/models/resolve.ts'
import { createCall, createContext } from '../../context.ts'

const MODEL = 'cohere.embed-v4.0'
const IMAGE: EmbeddingInput = { type: 'image', url: 'data:image/png;base64,', param: 'input[1]' }

describe('embed()', () => {
  it('V02 joins the vectors of several calls in order and sums their tokens', async () => {
    const { answer, most } = await embedTexts(96 * 6 + 1)
    assert.deepEqual(answer.value.vectors.map(([first]) => first), [...Array(577).keys()])
    assert.deepEqual(answer.value.usage, { prompt: 577, total: 577 })
    assert.equal(answer.opcRequestId?.split(', ').length, 7)
    assert.equal(most, 4)
  })

  it('V07 returns the vectors of images at their positions', async () => {
    const inputs = [text('text 0'), IMAGE, text('text 2')]
    const { answer } = await embedAll({ inputs })
    assert.deepEqual(answer.value.vectors, [[0], [-1], [2]])
  })

  it('V03 counts the tokens of an answer in base64', async () => {
    const oci = createContext({
      models: new Map([[MODEL, { base64Embeddings: 'base64' }]]),
      send: () =>
        Promise.resolve(Response.json({
          ...{ embeddings: [], embeddingsByType: { base64: ['AACAPw=='] } },
          usage: { promptTokens: 3, totalTokens: 3 },
        })),
    })
    const counted: TokenCounts[] = []
    const request = { ...requestOf([text('a')]), encoding: 'base64' as const }
    const call = { ...createCall(), meter: createMeter(counted) }
    const { value } = await embed(request, await modelIn(oci), oci, call)
    assert.deepEqual(value.vectors, ['AACAPw=='])
    assert.deepEqual(counted, [{ prompt: 3, total: 3 }])
  })

  it('throws for a response without a vector for each text', async () => {
    const oci = createContext({ send: () => Promise.resolve(Response.json({ embeddings: [] })) })
    const error = await embed(requestOf([text('a')]), await modelIn(oci), oci, createCall())
      .then(() => assert.fail('answered'), toApiError)
    assert.equal(error.code, 'upstream_invalid_response')
  })
})

function embedTexts(count: number) {
  return embedAll({ inputs: Array.from({ length: count }, (_, at) => text(`text ${at}`)) })
}

/** Embeds with a fake OCI whose vectors contain the number of the text; later calls end first. */
async function embedAll({ inputs }: Pick<EmbeddingRequest, 'inputs'>) {
  let [running, most, calls] = [0, 0, 0]
  const oci = createContext({
    async send({ body }) {
      most = Math.max(most, ++running)
      const id = String(++calls)
      const { inputs } = JSON.parse(new TextDecoder().decode(body))
      await new Promise((resolve) => setTimeout(resolve, 10 - calls))
      running--
      const vectors = inputs?.map((text: string) => [Number(text.slice(5))]) ?? [[-1]]
      const usage = { promptTokens: vectors.length, totalTokens: vectors.length }
      return Response.json({ embeddings: vectors, usage }, { headers: { 'opc-request-id': id } })
    },
  })
  const answer = await embed(requestOf(inputs), await modelIn(oci), oci, createCall())
  return { answer, most }
}

async function modelIn(oci: OciContext): Promise<ResolvedModel> {
  return await resolveModel(MODEL, oci, createCall())
}

function requestOf(inputs: readonly EmbeddingInput[]): EmbeddingRequest {
  return {
    model: MODEL,
    inputs,
    purpose: undefined,
    dimensions: undefined,
    truncate: undefined,
    encoding: 'float',
  }
}

/** A meter without limits, which collects the counted tokens. */
function createMeter(counted: TokenCounts[]): Meter {
  return {
    checkModel() {},
    mayChange: () => false,
    storedTokens: () => undefined,
    announce() {},
    reserve: () =>
      Promise.resolve({
        ...{ output: 0, isLimited: false, warnings: [] },
        begin: () => ({
          text() {},
          usage: (counts) => void counted.push(counts),
          servedBy() {},
          complete() {},
          refuse() {},
          repeat: () => true,
        }),
      }),
  }
}

function text(words: string): EmbeddingInput {
  return { type: 'text', text: words }
}
