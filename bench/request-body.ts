import type { Dialect, Job } from './job.ts'

const MARK = 'request-000000000000'
const PARAGRAPH = 'Take care: read the “whole” file before you change it, keep to its style, and ' +
  'tell what you did; paths look like C:\\folder\\file or /home/user/file.\n'

/** Creates the bytes of HTTP requests; no two are the same. */
export function createRequests(job: Job): () => Buffer {
  const body = JSON.stringify(bodyOf(job))
  const head = [
    `POST ${job.path} HTTP/1.1`,
    `host: 127.0.0.1:${job.port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(job.headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  const template = Buffer.from(`${head}\r\n\r\n${body}`)
  const place = template.indexOf(MARK) + MARK.length - DIGITS
  let count = 0
  return () => {
    const request = Buffer.from(template)
    request.write(String(count++).padStart(DIGITS, '0'), place, 'latin1')
    return request
  }
}

const DIGITS = 12

/** The same conversation in both formats, so that the content has the same size. */
function bodyOf({ dialect, model, chunks, kilobytes }: Job): object {
  const prompt = `Answer, please. ${MARK}`
  const system = PARAGRAPH.repeat(Math.round(kilobytes * 512 / PARAGRAPH.length))
  const tools = toolsOf(dialect, kilobytes * 512)
  return dialect === 'oci'
    ? ociBody(model, chunks > 0, [['SYSTEM', system], ['USER', prompt]], tools)
    : openAiBody(model, chunks > 0, [['system', system], ['user', prompt]], tools)
}

type Turn = readonly [role: string, text: string]

function openAiBody(model: string, stream: boolean, turns: readonly Turn[], tools: object[]) {
  const messages = turns.filter(([, text]) => text !== '')
    .map(([role, content]) => ({ role, content }))
  const more = tools.length > 0 ? { tools } : {}
  return { model, stream, max_tokens: 256, temperature: 0.5, messages, ...more }
}

function ociBody(modelId: string, stream: boolean, turns: readonly Turn[], tools: object[]) {
  const messages = turns.filter(([, text]) => text !== '')
    .map(([role, text]) => ({ role, content: [{ type: 'TEXT', text }] }))
  const more = tools.length > 0 ? { tools } : {}
  return {
    compartmentId: 'ocid1.compartment.oc1..bench',
    servingMode: { servingType: 'ON_DEMAND', modelId },
    chatRequest: {
      apiFormat: 'GENERIC',
      messages,
      isStream: stream,
      maxTokens: 256,
      temperature: 0.5,
      ...more,
    },
  }
}

function toolsOf(dialect: Dialect, bytes: number): object[] {
  const argument = { type: 'string', description: 'What the tool is to work on' }
  const names = ['path', 'text', 'from', 'to', 'pattern', 'limit']
  const parameters = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, argument])),
    required: ['path'],
  }
  const size = JSON.stringify(parameters).length + 2 * PARAGRAPH.length
  return Array.from({ length: Math.floor(bytes / size) }, (_, index) => {
    const tool = { name: `tool_${index}`, description: PARAGRAPH.repeat(2), parameters }
    return dialect === 'oci' ? { type: 'FUNCTION', ...tool } : { type: 'function', function: tool }
  })
}
