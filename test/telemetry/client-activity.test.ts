import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createClientActivity, type EndedRequest } from '../../src/telemetry/client-activity.ts'

const REQUEST: EndedRequest = {
  userAgent: 'codex_exec/0.169.0 (Debian 12)',
  path: '/v1/responses',
  status: 200,
  error: undefined,
}

describe('createClientActivity()', () => {
  it('counts requests by client and endpoint', () => {
    const activity = createClientActivity()
    const failure = { ...REQUEST, status: 404, error: 'model_not_found' }
    for (const request of [REQUEST, failure, { ...REQUEST, path: '/openai/v1/chat/completions' }]) {
      activity.record(request)
    }
    const own = { agent: 'codex_exec' }
    assert.deepEqual(activity.list(), [
      {
        ...own,
        ...{ endpoint: 'responses', requests: 2, succeeded: 1 },
        ...{ status: 404, error: 'model_not_found' },
      },
      {
        ...own,
        ...{ endpoint: 'chat/completions', requests: 1, succeeded: 1 },
        ...{ status: 200, error: undefined },
      },
    ])
  })

  const agents: [userAgent: string | undefined, agent: string][] = [
    ['OpenAI/JS 7.15.0', 'OpenAI'],
    ['claude-cli/2.1.330 (external, sdk-cli)', 'claude-cli'],
    ['@scope/name', 'unknown'],
    ['a'.repeat(500), 'a'.repeat(40)],
    ['', 'unknown'],
    [undefined, 'unknown'],
  ]
  for (const [userAgent, agent] of agents) {
    it(`names ${JSON.stringify(userAgent)?.slice(0, 40)} ${agent.slice(0, 12)}`, () => {
      const activity = createClientActivity()
      activity.record({ ...REQUEST, userAgent })
      assert.equal(activity.list()[0]?.agent, agent)
    })
  }

  it('ignores other paths', () => {
    const activity = createClientActivity()
    for (const path of ['/v1/models', '/health', '/v1/responses/resp_1', '/']) {
      activity.record({ ...REQUEST, path })
    }
    assert.deepEqual(activity.list(), [])
  })

  it('keeps the most recent 64', () => {
    const activity = createClientActivity()
    for (let at = 0; at < 100; at++) activity.record({ ...REQUEST, userAgent: `agent${at}` })
    assert.equal(activity.list().length, 64)
    assert.equal(activity.list().at(-1)?.agent, 'agent99')
  })
})
