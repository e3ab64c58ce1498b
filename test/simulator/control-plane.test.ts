import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS, modelOcid } from '../../src/simulator/catalogue.ts'
import { listModels } from '../../src/simulator/model-list.ts'
import { type Caller, COMPARTMENT, createCaller } from './caller.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'

const filters: [query: string, names: string[]][] = [
  [`displayName=${LLAMA}`, [LLAMA, LLAMA]],
  [`displayName=${LLAMA}&capability=FINE_TUNE`, [LLAMA]],
  ['capability=TEXT_RERANK', [
    'cohere.rerank-v3.5',
    'cohere.rerank-v4.0-fast',
    'cohere.rerank-v4.0-pro',
  ]],
  ['lifecycleState=DELETED', ['meta.llama-3-70b-instruct']],
  ['vendor=urchade', ['urchade.gliner_multi_pii-v1']],
  [`id=${modelOcid(LLAMA)}`, [LLAMA]],
  ['vendor=protectai&capability=CHAT', []],
  ['capability=FINE_TUNE&sortBy=displayName', ['cohere.command-r-08-2024', LLAMA]],
  ['capability=FINE_TUNE&sortBy=displayName&sortOrder=DESC', [LLAMA, 'cohere.command-r-08-2024']],
]

const refused: [name: string, path: string, status: number, code: string][] = [
  ['requires a compartment', 'models', 400, 'InvalidParameter'],
  ['rejects an unknown state', `models?${own()}&lifecycleState=OK`, 400, 'InvalidParameter'],
  ['rejects an unknown capability', `models?${own()}&capability=chat`, 400, 'InvalidParameter'],
  ['rejects a limit of 0', `models?${own()}&limit=0`, 400, 'InvalidParameter'],
  ['rejects an unknown page token', `models?${own()}&page=2`, 400, 'InvalidParameter'],
  [
    'rejects a forbidden compartment',
    'models?compartmentId=ocid1.compartment.oc1..nolist',
    404,
    'NotAuthorizedOrNotFound',
  ],
  [
    'rejects a forbidden compartment for endpoints',
    'endpoints?compartmentId=ocid1.compartment.oc1..nolist',
    404,
    'NotAuthorizedOrNotFound',
  ],
  [
    'does not find an unknown model',
    'models/ocid1.generativeaimodel.x',
    404,
    'NotAuthorizedOrNotFound',
  ],
  ['does not find an unknown endpoint', 'endpoints/x', 404, 'NotAuthorizedOrNotFound'],
  ['does not find an unknown path', 'hostedApplications', 404, 'NotAuthorizedOrNotFound'],
]

describe('answerModels()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  it('returns ten entries on a page and all on several pages', async () => {
    const pages = await turnPages(caller, `models?${own()}`)
    assert.deepEqual(pages.flat(), listModels().map(({ displayName }) => displayName))
    assert.ok(pages.slice(0, -1).every(({ length }) => length === 10) && pages.length > 5)
  })

  it('returns as many entries as requested', async () => {
    const pages = await turnPages(caller, `models?${own()}&limit=1000`)
    assert.equal(pages.length, 1)
  })

  for (const [query, names] of filters) {
    it(`filters by ${query}`, async () => {
      assert.deepEqual((await turnPages(caller, `models?${own()}&${query}`)).flat(), names)
    })
  }

  for (const [name, path, status, code] of refused) {
    it(name, async () => {
      const response = await get(caller, path)
      assert.deepEqual([response.status, (await response.json()).code], [status, code])
    })
  }
})

describe('answerModel()', () => {
  it('returns one entry', async () => {
    const response = await get(await createCaller(), `models/${modelOcid(LLAMA)}`)
    assert.deepEqual(
      await response.json(),
      listModels().find(({ displayName }) => displayName === LLAMA),
    )
  })
})

describe('answerEndpoints()', () => {
  it('finds the model of an endpoint', async () => {
    const caller = await createCaller()
    const { items } = await (await get(caller, `endpoints?${own()}`)).json()
    const [{ id }] = items
    const endpoint = await (await get(caller, `endpoints/${id}`)).json()
    const model = await (await get(caller, `models/${endpoint.modelId}`)).json()
    assert.deepEqual([id, model.displayName], [ENDPOINTS[0]?.id, LLAMA])
  })
})

describe('answerImportedModels()', () => {
  it('finds the imported model of an endpoint outside the model list', async () => {
    const caller = await createCaller()
    const id = ENDPOINTS.find(({ name }) => name === 'imported-dedicated')?.id
    const { modelId } = await (await get(caller, `endpoints/${id}`)).json()
    const model = await (await get(caller, `models/${modelId}`)).json()
    assert.deepEqual([model.displayName, model.vendor], ['imported-qwen3-32b', 'imported'])
    const { items } = await (await get(caller, `importedModels?${own()}`)).json()
    assert.deepEqual(items, [model])
    assert.deepEqual((await turnPages(caller, `models?${own()}&id=${modelId}`)).flat(), [])
  })
})

async function turnPages(caller: Caller, path: string, page = ''): Promise<string[][]> {
  const response = await get(caller, `${path}${page && `&page=${page}`}`)
  const { items }: { items: { displayName: string }[] } = await response.json()
  const names = items.map(({ displayName }) => displayName)
  const next = response.headers.get('opc-next-page')
  return next === null ? [names] : [names, ...await turnPages(caller, path, next)]
}

function get(caller: Caller, path: string): Promise<Response> {
  return caller.send({ method: 'GET', path: `/20231130/${path}` })
}

function own(): string {
  return `compartmentId=${COMPARTMENT}`
}
