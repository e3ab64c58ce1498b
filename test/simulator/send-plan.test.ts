import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from './caller.ts'

describe('sendPlan()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  it('reports a complete response', async () => {
    const response = await ask(caller, 'no-done')
    await response.text()
    assert.equal(await ending(caller), 'completed')
  })

  it('fails like a broken connection', async () => {
    const response = await ask(caller, 'cut-after=2')
    const { text, failed } = await readAll(response)
    assert.deepEqual([text.split('\n\n').length, failed], [3, true])
    assert.equal(await ending(caller), 'interrupted')
  })

  it('ends early without an error', async () => {
    const { text, failed } = await readAll(await ask(caller, 'end-after=2'))
    assert.deepEqual([text.split('\n\n').length, failed], [3, false])
  })

  it('stays open until the client disconnects', async () => {
    const response = await ask(caller, 'open')
    const reader = response.body?.getReader()
    assert.ok(reader)
    const events = await readUntilSilent(reader)
    assert.match(events, /"finishReason":"stop"/)
    await reader.cancel()
    assert.equal(await ending(caller), 'client-disconnected')
  })

  it('fails a stream that stays open when it is interrupted', async () => {
    const response = await ask(caller, 'stall-after=2')
    caller.seen.at(-1)?.interrupt()
    const { text, failed } = await readAll(response)
    assert.equal(failed, true)
    assert.doesNotMatch(text, /"finishReason"/)
    assert.equal(await ending(caller), 'interrupted')
  })

  it('stops when the request aborts', async () => {
    const abort = new AbortController()
    const response = await ask(caller, 'stall-after=1', abort.signal)
    const reading = readAll(response)
    abort.abort()
    assert.equal((await reading).failed, true)
    assert.equal(await ending(caller), 'client-disconnected')
  })

  it('stops a delay between events when the client disconnects', async () => {
    const response = await ask(caller, 'first-delay=60000')
    await response.body?.cancel()
    assert.equal(await ending(caller), 'client-disconnected')
  })

  it('sends no headers until the request aborts', async () => {
    const abort = new AbortController()
    const response = ask(caller, 'silent', abort.signal)
    setTimeout(() => abort.abort(), 20)
    await assert.rejects(response, { name: 'AbortError' })
    assert.equal(await ending(caller), 'client-disconnected')
  })

  it('truncates a response without streaming to half', async () => {
    const messages = [message('USER', 'Hi [[sim:cut-after=1]]')]
    const response = await caller.chat('xai.grok-3', { messages, maxTokens: 50 })
    const { text, failed } = await readAll(response)
    assert.deepEqual([text.startsWith('{"modelId"'), text.endsWith('}'), failed], [
      true,
      false,
      true,
    ])
    assert.equal(await ending(caller), 'interrupted')
  })

  it('delays its headers', async () => {
    const slow = await createCaller({ eventDelay: 15 })
    const started = performance.now()
    await (await ask(slow, 'end-after=4')).text()
    assert.ok(performance.now() - started >= 50)
  })
})

function ask(caller: Caller, directives: string, signal?: AbortSignal): Promise<Response> {
  const messages = [message('USER', `Hi [[sim:${directives}]]`)]
  return caller.chat('xai.grok-3', { messages, maxTokens: 50, isStream: true }, signal)
}

async function ending(caller: Caller): Promise<string | undefined> {
  return await caller.seen.at(-1)?.ended
}

async function readAll(response: Response): Promise<{ text: string; failed: boolean }> {
  const decoder = new TextDecoder()
  const read: string[] = []
  try {
    for await (const chunk of response.body ?? []) read.push(decoder.decode(chunk))
    return { text: read.join(''), failed: false }
  } catch {
    return { text: read.join(''), failed: true }
  }
}

async function readUntilSilent(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  const read: string[] = []
  while (!read.join('').includes('finishReason')) {
    const { value } = await reader.read()
    read.push(decoder.decode(value))
  }
  const silence = new Promise<'silence'>((resolve) => setTimeout(() => resolve('silence'), 30))
  const next = await Promise.race([reader.read().catch(() => 'failed'), silence])
  assert.equal(next, 'silence')
  return read.join('')
}
