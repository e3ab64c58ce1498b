import { type Context, Hono } from 'hono'
import { toBase64 } from '../base64.ts'
import { type Env, queryOf, type SimulatorContext } from '../context.ts'
import { activeDirectives, type Directives } from '../directives.ts'
import { planStream } from '../event-stream.ts'
import { faultResponse } from '../faults.ts'
import { toOpenAiResponse, unknownModel } from '../openai/error.ts'
import { readDirectives } from '../read-directives.ts'
import { sendPlan } from '../send-plan.ts'
import type { Fields } from '../shape.ts'
import { delayHeaders } from '../sleep.ts'
import { bodyOf, fileOf, formOf, handle, refuse, Rejection, textOf } from './handler.ts'

type Json = Readonly<Record<string, unknown>>

/** Models on demand, by what they make. Other media are made on dedicated clusters only. */
const MODELS = {
  speech: ['xai.grok-tts'],
  image: ['xai.grok-imagine-image'],
  cluster: [] as string[],
}
const VOICES = ['ara', 'eve', 'leo', 'rex', 'sal']
const FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']
const SPEECH: Fields = {
  model: 'string',
  input: 'string',
  voice: { enum: VOICES },
  'response_format?': { enum: FORMATS },
  'speed?': 'number',
  'instructions?': 'string',
  'stream_format?': { enum: ['sse', 'audio'] },
}
const IMAGE: Fields = {
  model: 'string',
  prompt: 'string',
  'n?': 'integer',
  'size?': 'string',
  'quality?': 'string',
  'response_format?': { enum: ['url', 'b64_json'] },
  'background?': 'string',
  'output_format?': { enum: ['png', 'jpeg', 'webp'] },
  'output_compression?': 'integer',
  'moderation?': 'string',
  'partial_images?': 'integer',
  'stream?': 'boolean',
  'style?': 'string',
  'user?': 'string',
}
const EDIT = [
  'image',
  'mask',
  'input_fidelity',
  ...Object.keys(IMAGE).map((name) => name.replace('?', '')),
]
const TRANSCRIPTION = [
  ...['file', 'model', 'language', 'prompt', 'response_format', 'temperature', 'stream'],
  ...['timestamp_granularities', 'include', 'chunking_strategy'],
]
/** Bytes of speech for each character. */
const BYTES_PER_CHARACTER = 100
/** A white pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

/** Speech, transcriptions and images. */
export function media(context: SimulatorContext): Hono<Env> {
  return new Hono<Env>()
    .post('/audio/speech', handle((c) => speak(c, context), context))
    .post('/audio/transcriptions', handle((c) => transcribe(c, context), context))
    .post(
      '/images/generations',
      handle((c) => drawImages(c, bodyOf(c, IMAGE), 'image', context), context),
    )
    .post(
      '/images/edits',
      handle(async (c) => {
        const form = await formOf(c, EDIT)
        const images = [...form.getAll('image'), ...form.getAll('image[]')]
        if (!images.some((image) => image instanceof File)) refuse('An image is required.', 'image')
        const texts = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))
        return await drawImages(c, { ...texts, n: Number(texts['n'] ?? 1) }, 'cluster', context)
      }, context),
    )
}

async function speak(c: Context<Env>, context: SimulatorContext): Promise<Response> {
  const body = bodyOf(c, SPEECH)
  const { input, speed = 1, stream_format: stream } = body
  const text = String(input)
  if (text === '' || text.length > 4_096) refuse('Must have 1 to 4096 characters.', 'input')
  if (Number(speed) < 0.25 || Number(speed) > 4) refuse('Must be between 0.25 and 4.', 'speed')
  const directives = await directivesOf(c, body['model'], text, 'speech', context)
  if (directives instanceof Response) return directives
  context.meter.bill('xai.grok-tts', { promptCharacters: text.length })
  const audio = soundOf(text)
  if (stream === 'sse') {
    const halves = [audio.slice(0, audio.length / 2), audio.slice(audio.length / 2)]
    const deltas = halves.map((half) => ({ type: 'speech.audio.delta', audio: toBase64(half) }))
    return streamOf(c, [...deltas, { type: 'speech.audio.done', usage: {} }], directives, context)
  }
  const exchange = c.get('exchange')
  const size = 16 * 1024
  const chunks = Array.from({ length: Math.ceil(audio.length / size) }, (_, at) => ({
    bytes: audio.slice(at * size, (at + 1) * size),
    delay: at === 0 ? 0 : context.eventDelay,
  }))
  const tail = directives.has('cut-after') ? 'fail' : 'close'
  const sent = tail === 'fail' ? chunks.slice(0, 1) : chunks
  const type = `audio/${body['response_format'] === 'wav' ? 'wav' : 'mpeg'}`
  return new Response(sendPlan({ chunks: sent, tail }, exchange), {
    headers: { 'content-type': type },
  })
}

/** Bytes that begin as MP3 does and depend on the text. */
function soundOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * BYTES_PER_CHARACTER)
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (text.charCodeAt(at % text.length) + at) % 256
  }
  bytes.set(new TextEncoder().encode('ID3'))
  return bytes
}

async function transcribe(c: Context<Env>, context: SimulatorContext): Promise<object | Response> {
  const form = await formOf(c, TRANSCRIPTION)
  const { name, size } = fileOf(form, 'file')
  const format = textOf(form, 'response_format') ?? 'json'
  const directives = await directivesOf(c, textOf(form, 'model'), '', 'cluster', context)
  if (directives instanceof Response) return directives
  const text = `This is ${name}, ${size} bytes.`
  if (textOf(form, 'stream') === 'true') {
    const events = [{ type: 'transcript.text.delta', delta: text }, {
      type: 'transcript.text.done',
      text,
    }]
    return streamOf(c, events, directives, context)
  }
  switch (format) {
    case 'json':
    case 'verbose_json':
      return { text, usage: { type: 'duration', seconds: 1 } }
    case 'text':
      return new Response(`${text}\n`, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
  return refuse(`Invalid value: '${format}'.`, 'response_format')
}

async function drawImages(
  c: Context<Env>,
  { model, prompt, n = 1, stream }: Json,
  kind: 'image' | 'cluster',
  context: SimulatorContext,
): Promise<object> {
  if (typeof prompt !== 'string' || prompt === '') refuse('A prompt is required.', 'prompt')
  if (Number(n) < 1 || Number(n) > 10) refuse('Must be between 1 and 10.', 'n')
  const directives = await directivesOf(c, model, String(prompt), kind, context)
  if (directives instanceof Response) return directives
  const created = Math.floor(context.now() / 1000)
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
  if (String(stream) === 'true') {
    const type = kind === 'image' ? 'image_generation' : 'image_edit'
    const partial = { type: `${type}.partial_image`, partial_image_index: 0, b64_json: PNG }
    return streamOf(
      c,
      [partial, { type: `${type}.completed`, b64_json: PNG, usage }],
      directives,
      context,
    )
  }
  const data = Array.from({ length: Number(n) }, () => ({ b64_json: PNG, revised_prompt: prompt }))
  return { created, data, usage }
}

/** Checks the model, and reads the directives of a prompt. A directive may replace the answer. */
async function directivesOf(
  c: Context<Env>,
  model: unknown,
  prompt: string,
  kind: keyof typeof MODELS,
  context: SimulatorContext,
): Promise<Directives | Response> {
  const name = typeof model === 'string' ? model : refuse("Missing: 'model'.", 'model')
  const isCluster = name.startsWith('ocid1.generativeaiendpoint.')
  if (!isCluster && !MODELS[kind].includes(name)) throw new Rejection(unknownModel(name))
  const directives = activeDirectives(readDirectives(prompt).directives, name, context.calls)
  await delayHeaders(directives, queryOf(c).has('stream'), c.get('exchange'))
  const fault = faultResponse(directives)
  return fault ? await toOpenAiResponse(fault) : directives
}

function streamOf(
  c: Context<Env>,
  events: readonly { type: string; [member: string]: unknown }[],
  directives: Directives,
  { eventDelay }: SimulatorContext,
): Response {
  const stream = {
    ...{ events, endsWithDone: false, delay: eventDelay },
    nameOf: (event: object) => 'type' in event ? String(event.type) : 'message',
    textEvent: (text: string) => ({ type: 'message', text }),
  }
  const plan = planStream(stream, new Map([...directives, ['no-pad', ['']]]))
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(sendPlan(plan, c.get('exchange')), { headers })
}
