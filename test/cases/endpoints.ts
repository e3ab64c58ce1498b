import type { Endpoint } from '../../src/openai/endpoints.ts'
import { CLUSTER } from '../oci-names.ts'
import type { TestGateway } from './gateway.ts'

export const GROK = 'xai.grok-4.3'
export const SPEECH = { model: 'xai.grok-tts', voice: 'ara', input: 'Hello' }
export const IMAGE = { model: 'xai.grok-imagine-image', prompt: 'A bicycle' }
/** The objects of one client. */
export interface Objects {
  conversation: string
  item: string
  file: string
  store: string
  batch: string
  container: string
  containerFile: string
  response: string
}

/** Sends requests with a key. */
export type Client = (method: string, path: string, body?: object | FormData) => Promise<Response>

/** Creates the client of a key. */
export function clientOf(gateway: Pick<TestGateway, 'fetch'>, key: string | undefined): Client {
  return (method, path, body) =>
    gateway.fetch(`/v1${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      },
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    })
}

/** A form with a file. */
export function formOf(
  fields: Readonly<Record<string, string>>,
  content: BlobPart = 'hello world',
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([content]), 'notes.txt')
  return form
}

/** Creates one object of each kind. */
export async function createObjects(client: Client): Promise<Objects> {
  const create = async (path: string, body: object | FormData): Promise<{ id: string }> => {
    const response = await client('POST', path, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    const json = JSON.parse(text)
    return json.data?.[0] ?? json
  }
  const items = [{ role: 'user', content: 'Hi' }]
  const { id: conversation } = await create('/conversations', {})
  const { id: item } = await create(`/conversations/${conversation}/items`, { items })
  const { id: file } = await create('/files', formOf({ purpose: 'assistants' }))
  const { id: store } = await create('/vector_stores', { name: 'notes' })
  await create(`/vector_stores/${store}/files`, { file_id: file })
  const batchPath = `/vector_stores/${store}/file_batches`
  const { id: batch } = await create(batchPath, { file_ids: [file] })
  const { id: container } = await create('/containers', { name: 'box' })
  const { id: containerFile } = await create(`/containers/${container}/files`, formOf({}))
  const background = { model: GROK, input: 'Hi', background: true, store: true }
  const { id: response } = await create('/responses', background)
  return { conversation, item, file, store, batch, container, containerFile, response }
}

/** The path of an endpoint with the ids of a client's objects. */
export function pathOf(
  { path, group }: Pick<Endpoint, 'path' | 'group'>,
  objects: Objects,
): string {
  const own = {
    audio: '',
    images: '',
    containers: objects.container,
    conversations: objects.conversation,
    files: objects.file,
    responses: objects.response,
    vector_stores: objects.store,
  }[group]
  return path.replace(':id', own)
    .replace(':item', objects.item)
    .replace(':batch', objects.batch)
    .replace(':file', group === 'containers' ? objects.containerFile : objects.file)
}

/** A valid body of an endpoint. */
export function bodyOf(
  { method, path }: Endpoint,
  { file }: Objects,
): object | FormData | undefined {
  if (method !== 'POST') return undefined
  switch (path) {
    case '/conversations':
      return { items: [{ role: 'user', content: 'Hi' }] }
    case '/conversations/:id':
      return { metadata: { topic: 'tests' } }
    case '/conversations/:id/items':
      return { items: [{ role: 'user', content: 'More' }] }
    case '/files':
      return formOf({ purpose: 'assistants' })
    case '/vector_stores':
      return { file_ids: [file] }
    case '/vector_stores/:id':
      return { name: 'renamed' }
    case '/vector_stores/:id/search':
      return { query: 'hello' }
    case '/vector_stores/:id/files':
      return { file_id: file }
    case '/vector_stores/:id/files/:file':
      return { attributes: { year: 2026 } }
    case '/vector_stores/:id/file_batches':
      return { file_ids: [file] }
    case '/containers':
      return { name: 'box', file_ids: [file] }
    case '/containers/:id/files':
      return { file_id: file }
    case '/audio/speech':
      return SPEECH
    case '/audio/transcriptions':
      return formOf({ model: CLUSTER })
    case '/images/generations':
      return IMAGE
    case '/images/edits': {
      const form = new FormData()
      form.append('image', new Blob(['png']), 'a.png')
      form.append('model', CLUSTER)
      form.append('prompt', 'Blue')
      return form
    }
    default:
      return undefined
  }
}
