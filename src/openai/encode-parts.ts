import type { Annotation, TokenLogprob } from '../chat/model.ts'

/** OpenAI's citation of a passage. */
export interface UrlCitation {
  url: string
  title: string
  start_index: number
  end_index: number
}

/** OpenAI's form of a token, with its UTF-8 bytes. */
export interface Logprob {
  token: string
  logprob: number
  bytes: number[]
}

export interface TokenLogprobs extends Logprob {
  top_logprobs: Logprob[]
}

/** Encodes a citation. A missing title is empty, missing positions are 0. */
export function encodeCitation({ url, title, source = '', start, end }: Annotation): UrlCitation {
  return {
    // Clients know no other type and parse the URL: a source without one gets a URL of its name.
    url: url ?? `source:${encodeURIComponent(source.toWellFormed())}`,
    title: title ?? source,
    start_index: start ?? 0,
    end_index: end ?? 0,
  }
}

/** Encodes a token with its probability and its alternatives. */
export function encodeToken({ token, logprob, top }: TokenLogprob): TokenLogprobs {
  return {
    ...encodeLogprob(token, logprob),
    top_logprobs: top.map((other) => encodeLogprob(other.token, other.logprob)),
  }
}

const encoder = new TextEncoder()

function encodeLogprob(token: string, logprob: number): Logprob {
  return { token, logprob, bytes: [...encoder.encode(token)] }
}
