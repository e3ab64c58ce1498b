import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  chunksOf,
  type ContractTarget,
  type GetTarget,
  post,
  postInterrupted,
  textOf,
} from './target.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
/** Milliseconds: less than the idle timeout, more than a busy machine needs. */
const LIMIT = 60_000

/** Streams, as a client sees them. */
export function testStreams(target: GetTarget): void {
  it('S36 passes on the first chunk before OCI sends its second event', async () => {
    const reader = await openStream(target(), '[[sim:stall-after=1]] one two three')
    const first = await reader.until((text) => text.includes('"role":"assistant"'))
    assert.equal(chunksOf(first).length > 0, true)
    await reader.leave()
  })

  it('passes on each event as it arrives', async () => {
    const reader = await openStream(target(), '[[sim:stall-after=4]] one two three four five six')
    const text = await reader.until((text) => textOf(chunksOf(text)).length > 0)
    assert.ok(!text.includes('[DONE]'))
    assert.ok(!text.includes('"finish_reason":"stop"'))
    await reader.leave()
  })

  it('X13 closes its connection to OCI when the client disconnects, also while OCI sends nothing', async () => {
    const { seen } = target()
    for (let round = 0; round < 5; round++) {
      const reader = await openStream(target(), '[[sim:stall-after=3]] one two three four')
      await reader.until((text) => textOf(chunksOf(text)).length > 0)
      const request = seen.at(-1)
      const left = performance.now()
      await reader.leave()
      assert.equal(await request?.ended, 'client-disconnected')
      // OCI never sends anything, so only the client can be the reason.
      assert.ok(performance.now() - left < LIMIT)
    }
  })

  it('X15 sends heartbeats while OCI sends nothing', async () => {
    const { heartbeat } = target()
    const reader = await openStream(target(), '[[sim:stall-after=2]] one two three')
    const began = performance.now()
    const isBeat = (text: string) => text.split('"delta":{},').length > 3
    const text = await reader.until(isBeat)
    const took = performance.now() - began
    assert.ok(took > heartbeat * 1.5 && took < LIMIT, `${took} ms`)
    for (const chunk of chunksOf(text)) assert.equal(chunk.choices[0]?.index, 0)
    await reader.leave()
  })

  it('S22, X17 ends a truncated stream with an error, never as a success', async () => {
    const asked = (fault: string) => ({
      model: LLAMA,
      messages: [{ role: 'user', content: `[[sim:${fault}]] one two three four` }],
    })
    const path = '/v1/chat/completions'
    const hasText = (stream: string) => textOf(chunksOf(stream)).length > 0
    for (
      const text of [
        await (await post(target(), path, { ...asked('end-after=3'), stream: true })).text(),
        await postInterrupted(target(), path, asked('stall-after=3'), hasText),
      ]
    ) {
      const chunks = chunksOf(text)
      assert.equal(chunks.at(-1)?.error?.code, 'upstream_incomplete', text)
      assert.ok(!text.includes('[DONE]'), text)
      assert.ok(chunks.every(({ choices }) => !choices?.[0]?.finish_reason), text)
    }
  })

  it('S21 ends when OCI leaves the connection open', async () => {
    const { seen } = target()
    const response = await post(target(), '/v1/chat/completions', {
      model: 'xai.grok-4',
      stream: true,
      messages: [{ role: 'user', content: '[[sim:open no-done]] hello' }],
    })
    const began = performance.now()
    const text = await response.text()
    assert.ok(text.endsWith('data: [DONE]\n\n'))
    assert.ok(performance.now() - began < LIMIT)
    assert.equal(await seen.at(-1)?.ended, 'client-disconnected')
  })

  it('X12 splits a whole reply into chunks when OCI does not stream', async () => {
    const response = await post(target(), '/v1/chat/completions', {
      model: LLAMA,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: '[[sim:json]] hello' }],
    })
    const chunks = chunksOf(await response.text())
    assert.ok(chunks.filter(({ choices }) => choices[0]?.delta.content).length > 3)
    assert.ok((chunks.at(-1)?.usage?.total_tokens ?? 0) > 0)
  })

  it('S29 keeps parallel streams separate', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `client-${index}`)
    const texts = await Promise.all(names.map(async (name) => {
      const response = await post(target(), '/v1/chat/completions', {
        model: LLAMA,
        stream: true,
        messages: [{ role: 'user', content: name }],
      })
      return textOf(chunksOf(await response.text()))
    }))
    for (const [index, name] of names.entries()) {
      assert.match(texts[index] ?? '', new RegExp(`${name}$`))
    }
  })
}

interface StreamReader {
  /** Reads until the text so far meets a condition. Fails when the stream ends before, or at the limit. */
  until(isEnough: (text: string) => boolean): Promise<string>
  leave(): Promise<void>
}

async function openStream(target: ContractTarget, content: string): Promise<StreamReader> {
  const abort = new AbortController()
  const response = await post(target, '/v1/chat/completions', {
    model: LLAMA,
    stream: true,
    messages: [{ role: 'user', content }],
  }, { signal: abort.signal })
  assert.equal(response.status, 200)
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  const timer = setTimeout(() => abort.abort(), LIMIT)
  let text = ''
  return {
    async until(isEnough) {
      while (!isEnough(text)) {
        const read = await reader?.read()
        assert.ok(read && !read.done, `the stream ended: ${text}`)
        text += decoder.decode(read.value, { stream: true })
      }
      return text
    },
    async leave() {
      clearTimeout(timer)
      abort.abort()
      await reader?.cancel().catch(() => {})
    },
  }
}
