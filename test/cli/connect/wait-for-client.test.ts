import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { waitForClient } from '../../../src/cli/connect/wait-for-client.ts'
import { CODEX } from '../../../src/clients/codex.ts'
import { createFakeHost, type FakeHost, FakeOutput, FakeTimers, runCli } from '../fake-host.ts'

const TARGET = { url: 'http://127.0.0.1:8050', key: 'sk-1' }
const OTHER = { agent: 'curl', endpoint: 'responses', requests: 9, succeeded: 9, status: 200 }

type Poll = Response | Error

/** What the gateway answers about requests of Codex. */
function seen(
  requests: number,
  succeeded: number,
  error?: { status: number; error: string },
): Poll {
  const own = { agent: 'codex_exec', endpoint: 'responses', requests, succeeded, status: 200 }
  const clients = requests === 0 ? [OTHER] : [OTHER, { ...own, ...error }]
  return Response.json({ clients })
}

/** A host whose gateway gives one answer after the other; its clock runs only while it sleeps. */
function hostWith(polls: readonly Poll[], parts: Partial<FakeHost> = {}): FakeHost {
  let now = 0
  const rest = [...polls]
  return createFakeHost({
    now: () => now,
    sleep: (ms) => {
      now += ms
      return Promise.resolve()
    },
    fetch: (url, { headers }) => {
      assert.equal(url, 'http://127.0.0.1:8050/readyz?verbose')
      assert.equal(new Headers(headers).get('authorization'), 'Bearer sk-1')
      const poll = rest.shift() ?? seen(0, 0)
      return poll instanceof Error ? Promise.reject(poll) : Promise.resolve(poll)
    },
    ...parts,
  })
}

const failed = { status: 404, error: 'model_not_found' }
const cases: [name: string, polls: Poll[], result: string][] = [
  ['a first request', [seen(0, 0), seen(1, 1)], 'works'],
  ['one more request', [seen(3, 3), seen(3, 3), seen(4, 4)], 'works'],
  ['a request after an error', [seen(0, 0), seen(1, 0, failed), seen(2, 1)], 'works'],
  ['a gateway that starts later', [new TypeError('fetch failed'), seen(0, 0), seen(1, 1)], 'works'],
  ['a gateway that restarts', [seen(5, 5), seen(0, 0), seen(1, 1)], 'works'],
  ['only earlier requests', [seen(3, 3)], 'timeout'],
  ['only requests of other clients', [seen(0, 0)], 'timeout'],
  ['only failed requests', [seen(0, 0), seen(1, 0, failed)], 'timeout'],
  ['another program at the port', [new Response('<html>')], 'timeout'],
  ['a wrong key', [new Response('{}', { status: 401 })], 'unauthorized'],
]

describe('waitForClient()', () => {
  for (const [name, polls, result] of cases) {
    it(`ends with "${result}" for ${name}`, async () => {
      assert.equal(await waitForClient(hostWith(polls), TARGET, CODEX), result)
    })
  }

  it('reports an error of a request once', async () => {
    const host = hostWith([seen(0, 0), seen(1, 0, failed), seen(2, 0, failed), seen(3, 1)])
    await waitForClient(host, TARGET, CODEX)
    assert.equal(
      host.stderr.text,
      'Codex reached the gateway, which answered 404 model_not_found\n',
    )
  })

  it('ends at once with Ctrl+C', async () => {
    const interruption = new AbortController()
    const sleep = () => {
      interruption.abort()
      return new Promise<void>(() => {})
    }
    const host = hostWith([seen(0, 0)], { sleep, signal: interruption.signal })
    assert.equal(await waitForClient(host, TARGET, CODEX), 'interrupted')
  })

  it('shows a spinner with the command to run on a terminal', async () => {
    const timers = new FakeTimers()
    const stderr = new FakeOutput({ isTerminal: true, columns: 200 })
    const sleep = () => Promise.resolve(void timers.run())
    const polls = [seen(0, 0), seen(0, 0), seen(1, 1)]
    await waitForClient(
      hostWith(polls, { stderr, sleep, schedule: timers.schedule }),
      TARGET,
      CODEX,
    )
    assert.match(
      stderr.text,
      /Waiting for the first request of Codex\. Run: codex exec "Hello there"/,
    )
  })
})

describe('oci-gateway connect --write', () => {
  const ends: [name: string, polls: Poll[], status: number, text: RegExp][] = [
    ['success', [seen(0, 0), seen(1, 1)], 0, /^✓ Codex works\.$/m],
    ['a time limit', [], 1, /within 5 minutes[\s\S]*oci-gateway doctor --client codex\n$/],
    ['a wrong key', [new Response('', { status: 401 })], 1, /does not accept the key/],
  ]
  for (const [name, polls, expected, text] of ends) {
    it(`reports ${name} after waiting`, async () => {
      // The first request is for the models.
      const { fetch, ...host } = hostWith(polls)
      const { status, stdout, stderr } = await runCli(
        'connect codex --write --json --key sk-1',
        createFakeHost({
          ...host,
          fetch: (url, init) =>
            url.endsWith('/models') ? Promise.reject(new TypeError()) : fetch(url, init),
        }),
      )
      assert.equal(status, expected)
      assert.match(stderr, text)
      assert.equal(JSON.parse(stdout).works, expected === 0)
    })
  }

  it('ends without an error with Ctrl+C', async () => {
    const interruption = new AbortController()
    const host = hostWith([], {
      sleep: () => Promise.resolve(interruption.abort()),
      signal: interruption.signal,
      fetch: () => Promise.reject(new TypeError()),
    })
    const { status, stderr } = await runCli('connect codex --write', host)
    assert.equal(status, 0)
    assert.match(stderr, /Stopped waiting\. Codex is configured\.\n$/)
  })
})
