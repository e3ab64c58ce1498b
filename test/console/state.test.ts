import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundText, MAX_SHOWN } from '../../src/console/bound-text.ts'
import {
  activityOf,
  type ClientText,
  fillIn,
  PLACEHOLDERS,
} from '../../src/console/client-texts.ts'
import { baseOf, createGatewayClient } from '../../src/console/gateway-client.ts'
import { settingsOf } from '../../src/console/key-settings.ts'

describe('boundText()', () => {
  it('leaves a short text as it is', () => {
    assert.deepEqual(boundText('a\nb'), { shown: 'a\nb', notice: undefined })
  })

  it('cuts a line of a megabyte, and says so', () => {
    const { shown, notice = '' } = boundText('x'.repeat(1_000_000))
    assert.ok(shown.length < 5_000)
    assert.match(notice, /of 1,000,000 characters/)
  })

  it('cuts many lines', () => {
    const { shown } = boundText('word\n'.repeat(200_000))
    assert.equal(shown.length, MAX_SHOWN)
  })
})

describe('baseOf()', () => {
  const cases: [pathname: string, base: string][] = [
    ['/', 'http://h'],
    ['/gw/', 'http://h/gw'],
    ['/gw', 'http://h/gw'],
    ['/a/b//', 'http://h/a/b'],
  ]
  for (const [pathname, base] of cases) {
    it(pathname, () => assert.equal(baseOf({ origin: 'http://h', pathname }), base))
  }
})

describe('createGatewayClient()', () => {
  const cases: [name: string, response: Response, expected: object][] = [
    ['data', Response.json({ a: 1 }), { type: 'ready', data: { a: 1 } }],
    ['a missing key', Response.json({}, { status: 401 }), { type: 'locked' }],
    ['missing data', Response.json({}, { status: 404 }), { type: 'missing' }],
    ['an error', Response.json({ error: { message: 'no' } }, { status: 400 }), {
      ...{ type: 'failed', message: 'no' },
    }],
    ['a page of a proxy', new Response('<html>', { status: 502 }), {
      ...{ type: 'failed', message: 'The gateway answered with status 502' },
    }],
  ]
  for (const [name, response, expected] of cases) {
    it(`returns ${name}`, async () => {
      const sent: Request[] = []
      const keys = { admin: 'a-key', client: '' }
      const client = createGatewayClient('http://h/gw', () => keys, (url, init) => {
        sent.push(new Request(url, init))
        return Promise.resolve(response)
      })
      assert.deepEqual(await client.get('admin/v1/status', 'admin'), expected)
      assert.equal(sent[0]?.url, 'http://h/gw/admin/v1/status')
      assert.equal(sent[0]?.headers.get('authorization'), 'Bearer a-key')
      assert.equal(sent[0]?.credentials, 'omit')
    })
  }

  it('says that the gateway does not answer', async () => {
    const keys = () => ({ admin: '', client: '' })
    const client = createGatewayClient('http://h', keys, () => Promise.reject(new Error('refused')))
    const answer = await client.get('v1/models', 'client')
    assert.equal(answer.type, 'failed')
    assert.match(JSON.stringify(answer), /does not answer \(refused\)/)
  })
})

describe('settingsOf()', () => {
  it('converts texts to the members of the administration API', () => {
    const values = {
      name: ' alice ',
      team: '',
      models: 'xai.*, meta.*',
      rpm: '60',
      budget: '5/day',
    }
    assert.deepEqual(settingsOf({ ...values, tpm: 'many' }), {
      ...{ name: 'alice', models: ['xai.*', 'meta.*'], rpm: 60, budget: '5/day', tpm: 'many' },
    })
  })
})

describe('fillIn()', () => {
  const text = Object.values(PLACEHOLDERS).join(' ')
  it('replaces the placeholders, also by a text with $', () => {
    const model = { id: 'm', context_length: 10, max_output_tokens: 5 }
    assert.equal(fillIn(text, { url: 'http://h', key: 'a$&b', model }), 'http://h a$&b m 10 5')
  })

  it('assumes the sizes of an unknown model', () => {
    const values = { url: 'u', key: 'k', model: { id: 'm' } }
    assert.equal(fillIn(text, values), 'u k m 128000 4096')
  })
})

describe('activityOf()', () => {
  const client = (name: string, agent = ''): ClientText => ({
    ...{ name, title: name, api: 'chat', agent, tryIt: '', hasFiles: false, parts: [] },
  })
  const [known, unknown] = [client('known', '^acme'), client('unknown')]
  const activity = (agent: string, part = {}) => ({
    ...{ agent, endpoint: 'chat/completions', requests: 1, succeeded: 1, ...part },
  })
  const cases: [text: ClientText, activity: ReturnType<typeof activity>, works: boolean][] = [
    [known, activity('acme-cli'), true],
    [known, activity('other'), false],
    [known, activity('acme-cli', { succeeded: 0 }), false],
    [known, activity('acme-cli', { endpoint: 'responses' }), false],
    [unknown, activity('other'), true],
    [unknown, activity('acme-cli'), false],
    [unknown, activity('Mozilla'), false],
  ]
  for (const [text, done, works] of cases) {
    it(`${text.name} ${works ? 'works' : 'does not work'} with ${JSON.stringify(done)}`, () => {
      assert.equal(activityOf(text, [done], [known, unknown]) !== undefined, works)
    })
  }
})
