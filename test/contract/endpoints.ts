import assert from 'node:assert/strict'
import { request } from 'node:http'
import { it } from 'node:test'
import OpenAI, { toFile } from 'openai'
import { CLUSTER } from '../oci-names.ts'
import type { ContractTarget, GetTarget } from './target.ts'

/** A model that is always served through OCI's Responses. */
const MODEL = 'openai.gpt-5.5-pro'
const TEXT = 'The quick brown fox'
/** More than the gateway keeps in memory where it has files. */
const LARGE = 3 * 1024 * 1024

/** The endpoints that are passed on to OCI, with the real `openai` package. */
export function testEndpoints(target: GetTarget): void {
  const connect = () => {
    const { url, key } = target()
    return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  }

  it('openai: uploads, lists, downloads and deletes files', () => useFiles(connect()))
  it('openai: uploads more than is kept in memory', () => useLargeFile(connect()))
  it('openai: creates and searches vector stores', () => useVectorStores(connect()))
  it('openai: uses containers and their files', () => useContainers(connect()))
  it('openai: keeps conversations', () => useConversations(connect()))
  it('openai: runs responses in the background', () => useBackground(connect()))
  it('openai: speaks, transcribes and draws', () => useMedia(connect()))

  it('a multipart form arrives at OCI byte by byte', async () => {
    const { url, key, seen } = target()
    const boundary = 'a-boundary'
    const head =
      `--${boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nevals\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="ü.bin"\r\n\r\n`
    const bytes = Uint8Array.from({ length: 4_096 }, (_, at) => at % 256)
    const body = new Blob([head, bytes, `\r\n--${boundary}--\r\n`])
    const type = `multipart/form-data; boundary=${boundary}`
    const response = await fetch(`${url}/v1/files`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': type, 'authorization': `Bearer ${key}` },
    })
    assert.equal(response.status, 200, await response.text())
    const received = seen.at(-1)
    assert.equal(received?.headers.get('content-type'), type)
    assert.equal(received?.headers.get('content-length'), String(body.size))
    assert.deepEqual(received?.body, new Uint8Array(await body.arrayBuffer()))
  })

  it('an upload that the client breaks off does not reach OCI', async () => {
    const { url, key, seen } = target()
    const before = seen.length
    const headers = {
      ...{ 'content-type': 'multipart/form-data; boundary=x', 'content-length': LARGE },
      authorization: `Bearer ${key}`,
    }
    const upload = request(`${url}/v1/files`, { method: 'POST', headers })
    upload.on('error', () => {})
    await new Promise((resolve) => upload.write(new Uint8Array(LARGE / 2), resolve))
    upload.destroy()
    await untilQuiet({ url, key })
    await connect().files.list()
    assert.deepEqual(seen.slice(before).map(({ method }) => method), ['GET'])
  })
}

/** Resolves when no request is in progress: until then, an upload could still reach OCI. */
async function untilQuiet({ url, key }: Pick<ContractTarget, 'url' | 'key'>): Promise<void> {
  const headers = { authorization: `Bearer ${key}` }
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    const state = await (await fetch(`${url}/readyz?verbose`, { headers })).json()
    if (state.requests.active === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('A request did not end within a minute')
}

async function useFiles({ files }: OpenAI): Promise<void> {
  const file = await files.create({ file: new File([TEXT], 'fox.txt'), purpose: 'assistants' })
  assert.deepEqual([file.bytes, file.filename], [TEXT.length, 'fox.txt'])
  const listed = await Array.fromAsync(files.list({ purpose: 'assistants' }))
  assert.ok(listed.some(({ id }) => id === file.id))
  assert.equal((await files.retrieve(file.id)).id, file.id)
  assert.equal(await (await files.content(file.id)).text(), TEXT)
  assert.equal((await files.delete(file.id)).deleted, true)
  await assert.rejects(files.retrieve(file.id), { status: 404 })
}

async function useLargeFile({ files }: OpenAI): Promise<void> {
  const bytes = new Uint8Array(LARGE).fill(7)
  const file = await files.create({ file: await toFile(bytes, 'seven'), purpose: 'user_data' })
  assert.equal(file.bytes, LARGE)
  const downloaded = new Uint8Array(await (await files.content(file.id)).arrayBuffer())
  assert.equal(downloaded.length, LARGE)
  assert.ok(downloaded.every((byte) => byte === 7))
  await files.delete(file.id)
}

async function useVectorStores({ files, vectorStores }: OpenAI): Promise<void> {
  const file = await files.create({ file: new File([TEXT], 'fox.txt'), purpose: 'assistants' })
  const store = await vectorStores.create({ name: 'animals' })
  const added = await vectorStores.files.create(store.id, { file_id: file.id })
  assert.equal(added.vector_store_id, store.id)
  const found = await Array.fromAsync(vectorStores.search(store.id, { query: 'a fox' }))
  assert.deepEqual(found.map(({ filename }) => filename), ['fox.txt'])
  const named = await vectorStores.update(store.id, { name: 'foxes' })
  assert.equal(named.file_counts.total, 1)
  assert.equal((await vectorStores.retrieve(store.id)).name, 'foxes')
  const stores = await Array.fromAsync(vectorStores.list())
  assert.ok(stores.some(({ id }) => id === store.id))
  const own = { vector_store_id: store.id }
  const attributes = { year: 2026 }
  const changed = await vectorStores.files.update(file.id, { ...own, attributes })
  assert.deepEqual(changed.attributes, attributes)
  assert.equal((await vectorStores.files.retrieve(file.id, own)).id, file.id)
  const texts = await Array.fromAsync(vectorStores.files.content(file.id, own))
  assert.deepEqual(texts.map(({ text }) => text), [TEXT])
  const batch = await vectorStores.fileBatches.create(store.id, { file_ids: [file.id] })
  assert.equal((await vectorStores.fileBatches.retrieve(batch.id, own)).file_counts.total, 1)
  const batched = await Array.fromAsync(vectorStores.fileBatches.listFiles(batch.id, own))
  assert.deepEqual(batched.map(({ id }) => id), [file.id])
  assert.equal((await vectorStores.fileBatches.cancel(batch.id, own)).id, batch.id)
  assert.equal((await Array.fromAsync(vectorStores.files.list(store.id))).length, 1)
  assert.equal((await vectorStores.files.delete(file.id, own)).deleted, true)
  assert.equal((await vectorStores.delete(store.id)).deleted, true)
  await files.delete(file.id)
}

async function useContainers({ containers }: OpenAI): Promise<void> {
  const { id } = await containers.create({ name: 'box' })
  assert.equal((await containers.retrieve(id)).name, 'box')
  assert.ok((await Array.fromAsync(containers.list())).some((container) => container.id === id))
  const file = await containers.files.create(id, { file: new File([TEXT], 'fox.txt') })
  const own = { container_id: id }
  assert.equal((await containers.files.retrieve(file.id, own)).path, '/mnt/data/fox.txt')
  assert.equal(await (await containers.files.content.retrieve(file.id, own)).text(), TEXT)
  assert.equal((await Array.fromAsync(containers.files.list(id))).length, 1)
  await containers.files.delete(file.id, own)
  assert.equal((await Array.fromAsync(containers.files.list(id))).length, 0)
  await containers.delete(id)
  await assert.rejects(containers.retrieve(id), { status: 404 })
}

async function useConversations({ conversations, responses }: OpenAI): Promise<void> {
  const { id } = await conversations.create({ metadata: { topic: 'foxes' } })
  const items = [{ type: 'message' as const, role: 'user' as const, content: TEXT }]
  const { data: [first] } = await conversations.items.create(id, { items })
  const own = { conversation_id: id }
  assert.equal((await conversations.items.retrieve(first?.id ?? '', own)).type, 'message')
  const answer = await responses.create({ model: MODEL, input: 'Go on', conversation: id })
  assert.match(answer.output_text, /You said: Go on/)
  assert.ok((await Array.fromAsync(conversations.items.list(id))).length >= 3)
  await conversations.items.delete(first?.id ?? '', own)
  await conversations.update(id, { metadata: { topic: 'dogs' } })
  assert.deepEqual((await conversations.retrieve(id)).metadata, { topic: 'dogs' })
  assert.equal((await conversations.delete(id)).deleted, true)
}

async function useBackground({ responses }: OpenAI): Promise<void> {
  const asked = { model: MODEL, input: 'Hello', background: true, store: true }
  const queued = await responses.create(asked)
  assert.equal(queued.status, 'queued')
  const cancelled = await responses.cancel(queued.id)
  assert.equal(cancelled.status, 'cancelled')
  const other = await responses.create(asked)
  assert.equal((await responses.retrieve(other.id)).status, 'in_progress')
  const done = await responses.retrieve(other.id)
  assert.match(done.output_text, /You said: Hello/)
  await assert.rejects(responses.cancel(other.id), { status: 400 })
  const stream = await responses.create({ ...asked, stream: true })
  const events = await Array.fromAsync(stream)
  const [created] = events
  assert.equal(created?.type, 'response.created')
  const id = created?.type === 'response.created' ? created.response.id : ''
  const resumed = await responses.retrieve(id, { stream: true, starting_after: 3 })
  assert.deepEqual(
    (await Array.fromAsync(resumed)).map(({ sequence_number: at }) => at),
    events.slice(4).map(({ sequence_number: at }) => at),
  )
}

async function useMedia({ audio, images }: OpenAI): Promise<void> {
  const speech = await audio.speech.create({ model: 'xai.grok-tts', voice: 'ara', input: TEXT })
  assert.equal(speech.headers.get('content-type'), 'audio/mpeg')
  const sound = new Uint8Array(await speech.arrayBuffer())
  assert.equal(sound.length, 100 * TEXT.length)
  assert.equal(new TextDecoder().decode(sound.slice(0, 3)), 'ID3')
  const file = await toFile(sound, 'fox.mp3')
  const { text } = await audio.transcriptions.create({ file, model: CLUSTER })
  assert.match(text, /fox\.mp3, 1900 bytes/)
  const parts = await audio.transcriptions.create({ file, model: CLUSTER, stream: true })
  assert.equal((await Array.fromAsync(parts)).at(-1)?.type, 'transcript.text.done')
  const plain = { file, model: CLUSTER, response_format: 'text' } as const
  assert.match(String(await audio.transcriptions.create(plain)), /^This is fox\.mp3/)
  const drawn = { model: 'xai.grok-imagine-image', prompt: 'A fox' }
  const { data } = await images.generate({ ...drawn, n: 2 })
  assert.deepEqual(data?.map(({ b64_json: png }) => png?.slice(0, 5)), ['iVBOR', 'iVBOR'])
  const steps = await Array.fromAsync(await images.generate({ ...drawn, stream: true }))
  assert.equal(steps.at(-1)?.type, 'image_generation.completed')
  const image = new File(['png'], 'fox.png', { type: 'image/png' })
  const edited = await images.edit({ image, prompt: 'A red fox', model: CLUSTER })
  assert.equal(edited.data?.length, 1)
}
