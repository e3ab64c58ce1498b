import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from './caller.ts'

type Case = [name: string, directives: string, status: number, body: unknown]

const UNAUTHORISED =
  'The required information to complete authentication was not provided or was incorrect.'
const NOT_FOUND = 'Authorization failed or requested resource not found.'

const cases: Case[] = [
  ['400', 'status=400', 400, error('400', 'Please pass in correct format of request.')],
  ['401', 'status=401', 401, error('NotAuthenticated', UNAUTHORISED)],
  ['403', 'status=403', 403, error('NotAuthorized', 'Forbidden')],
  ['404', 'status=404', 404, error('NotAuthorizedOrNotFound', NOT_FOUND)],
  [
    '409',
    'status=409',
    409,
    error(
      'IncorrectState',
      'The requested state for the resource conflicts with its current state',
    ),
  ],
  ['413', 'status=413', 413, error('413', 'Payload Too Large')],
  [
    '429',
    'status=429',
    429,
    error('TooManyRequests', 'Too many requests for the given tenancy'),
  ],
  ['500', 'status=500', 500, error('InternalServerError', 'Internal Server Error')],
  ['502 in HTML', 'status=502', 502, page(502)],
  ['503', 'status=503', 503, error('ServiceUnavailable', 'Service Unavailable')],
  ['500 in HTML', 'status=500 page', 500, page(500)],
  ['500 without a body', 'status=500 bare', 500, ''],
  ['200 in HTML', 'page', 200, page(200)],
  ['200 without a body', 'status=200 bare', 200, ''],
  ['an unknown status', 'status=418', 418, error('418', 'Status 418')],
  [
    'no stream',
    'refuse-stream',
    400,
    error('400', 'Streaming is not supported with this model.'),
  ],
  [
    'an unknown directive',
    'explode',
    400,
    error('400', "Unknown simulator directive: 'explode'"),
  ],
]

describe('faultResponse()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, directives, status, body] of cases) {
    it(`answers ${name}`, async () => {
      const response = await ask(caller, 'xai.grok-3', directives)
      assert.deepEqual([response.status, await response.text()], [status, body])
    })
  }

  it('sends retry-after', async () => {
    const response = await ask(caller, 'xai.grok-3', 'status=429 retry-after=7')
    assert.equal(response.headers.get('retry-after'), '7')
  })

  it('redirects a client', async () => {
    const response = await ask(caller, 'xai.grok-3', 'redirect=other.example')
    const location = 'https://other.example/20231130/actions/chat'
    assert.deepEqual([response.status, response.headers.get('location')], [307, location])
  })

  it('is selected by the name of the model', async () => {
    assert.equal((await ask(caller, 'meta.sim-status-429', 'delay=0')).status, 429)
    assert.equal((await ask(caller, 'xai.grok-3-mini.sim-status-503', 'delay=0')).status, 503)
  })

  it('ends after the configured number of calls', async () => {
    const statuses = await statusesOf(caller, 'status=500 times=2 key=a', 4)
    assert.deepEqual(statuses, [500, 500, 200, 200])
  })

  it('counts each key separately', async () => {
    assert.deepEqual(await statusesOf(caller, 'status=500 times=1 key=b', 2), [500, 200])
    assert.deepEqual(await statusesOf(caller, 'status=500 times=1 key=c', 2), [500, 200])
  })

  it('applies before the rules of the vendor', async () => {
    assert.equal((await ask(caller, 'openai.gpt-5', 'status=429')).status, 429)
  })
})

async function statusesOf(caller: Caller, directives: string, count: number): Promise<number[]> {
  const calls = Array.from({ length: count }, () => ask(caller, 'xai.grok-3', directives))
  const responses = await Promise.all(calls)
  return responses.map(({ status }) => status).sort((one, other) => other - one)
}

function ask(caller: Caller, model: string, directives: string): Promise<Response> {
  const messages = [message('USER', `Hi [[sim:${directives}]]`)]
  return caller.chat(model, { messages, maxTokens: 50, isStream: true })
}

function error(code: string, message: string): string {
  return JSON.stringify({ code, message })
}

function page(status: number): string {
  return `<html><head><title>${status}</title></head><body>Gateway</body></html>`
}
