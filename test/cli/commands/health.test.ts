import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFakeHost, type FakeHost, runCli } from '../fake-host.ts'

/** A host whose gateway answers each request with a status, and keeps their URLs. */
function gatewayWith(status: number, env: Record<string, string> = {}) {
  const urls: string[] = []
  const host = createFakeHost({
    env,
    now: () => 1_000,
    fetch: (url) => {
      urls.push(url)
      return Promise.resolve(new Response('{"status":"?"}', { status }))
    },
  })
  return { host, urls }
}

/** A host whose gateway does not answer before the request is aborted. */
function silentGateway(): FakeHost {
  return createFakeHost({
    fetch: (_url, { signal }) =>
      new Promise((_resolve, reject) => {
        // The timer of a timeout does not keep a process alive.
        const timer = setInterval(() => {}, 1_000)
        signal?.addEventListener('abort', () => {
          clearInterval(timer)
          reject(signal.reason)
        }, { once: true })
      }),
  })
}

describe('oci-gateway health', () => {
  const addresses: [line: string, env: Record<string, string>, url: string][] = [
    ['health', {}, 'http://127.0.0.1:8050/livez'],
    ['health --ready', {}, 'http://127.0.0.1:8050/readyz'],
    ['health', { PORT: '9000' }, 'http://127.0.0.1:9000/livez'],
    ['health', { PORT: '', HOST: '' }, 'http://127.0.0.1:8050/livez'],
    ['health', { HOST: '0.0.0.0', PORT: '8080' }, 'http://127.0.0.1:8080/livez'],
    ['health', { HOST: '::' }, 'http://127.0.0.1:8050/livez'],
    ['health', { HOST: '::1' }, 'http://[::1]:8050/livez'],
    ['health', { HOST: '10.0.0.5' }, 'http://10.0.0.5:8050/livez'],
    ['health --url https://g.example.com/', { PORT: '1' }, 'https://g.example.com/livez'],
    ['health --url http://g/oci/', {}, 'http://g/oci/livez'],
  ]
  for (const [line, env, url] of addresses) {
    it(`asks ${url}: ${line} ${JSON.stringify(env)}`, async () => {
      const { host, urls } = gatewayWith(200, env)
      const result = await runCli(line, host)
      assert.deepEqual(result, { status: 0, stdout: `${url} answers (0 ms)\n`, stderr: '' })
      assert.deepEqual(urls, [url])
    })
  }

  it('ends with 1 for an answer that is not a success', async () => {
    const { status, stdout } = await runCli('health --ready', gatewayWith(503).host)
    const expected = 'http://127.0.0.1:8050/readyz: it answers with status 503\n'
    assert.deepEqual([status, stdout], [1, expected])
  })

  it('ends with 1 without an answer', async () => {
    const { status, stdout } = await runCli('health')
    assert.deepEqual([status, stdout], [1, 'http://127.0.0.1:8050/livez: it cannot be reached\n'])
  })

  it('ends with 1 when the answer takes too long', async () => {
    const { status, stdout } = await runCli('health --timeout 1', silentGateway())
    assert.equal(status, 1)
    assert.match(stdout, /no answer within 1 s/)
  })

  it('prints JSON', async () => {
    const url = 'http://127.0.0.1:8050/livez'
    const well = await runCli('health --json', gatewayWith(200).host)
    assert.deepEqual(JSON.parse(well.stdout), { ok: true, url, status: 200, milliseconds: 0 })
    const ill = await runCli('health --json', gatewayWith(500).host)
    const cause = 'it answers with status 500'
    const expected = { ok: false, url, status: 500, milliseconds: 0, cause }
    assert.deepEqual([ill.status, JSON.parse(ill.stdout)], [1, expected])
  })

  const mistakes: [line: string, env: Record<string, string>, message: RegExp][] = [
    ['health', { PORT: '0' }, /PORT must be a port from 1 to 65535/],
    ['health', { PORT: 'http' }, /PORT must be a port/],
    ['health --url ftp://g', {}, /--url must be an address/],
    ['health --url http://user:secret@g', {}, /--url must be an address/],
    ['health --timeout 0', {}, /--timeout must be a number of seconds from 1 to 600/],
    ['health now', {}, /Unexpected argument "now"/],
  ]
  for (const [line, env, message] of mistakes) {
    it(`ends with 2: ${line} ${JSON.stringify(env)}`, async () => {
      const { status, stderr } = await runCli(line, gatewayWith(200, env).host)
      assert.equal(status, 2)
      assert.match(stderr, message)
      assert.doesNotMatch(stderr, /secret/)
    })
  }
})
