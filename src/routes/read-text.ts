import { ApiError } from '../errors.ts'

/**
 * Reads a request's body as text, of at most `limit` bytes. A length that is told is believed only
 * when it is too much, since a client may lie or not know it.
 */
export async function readText(request: Request, limit: number): Promise<string> {
  const told = Number(request.headers.get('content-length') ?? 0)
  if (told > limit) throw tooLarge(limit)
  // A known length within the limit cannot be exceeded: every runtime reads no further.
  if (told > 0 || !request.body) return await request.text()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > limit) throw tooLarge(limit)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function tooLarge(limit: number): ApiError {
  return new ApiError(
    'request_too_large',
    `Cannot read the body: it is larger than ${limit} bytes`,
  )
}
