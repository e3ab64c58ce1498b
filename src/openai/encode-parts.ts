import type { Annotation, TokenLogprob } from '../chat/model.ts'

/** Where a passage comes from, as OpenAI writes it. */
export interface UrlCitation {
  url: string
  title: string
  start_index: number
  end_index: number
}

/** A token as OpenAI writes it, with its bytes in UTF-8. */
export interface Logprob {
  token: string
  logprob: number
  bytes: number[]
}

export interface TokenLogprobs extends Logprob {
  top_logprobs: Logprob[]
}

/** A citation; what the source does not say is an empty title, or the start. */
export function encodeCitation({ url, title, source = '', start, end }: Annotation): UrlCitation {
  return {
    // Clients know no other type, and parse this: a source without an address gets one of its name.
    url: url ?? `source:${encodeURIComponent(source.toWellFormed())}`,
    title: title ?? source,
    start_index: start ?? 0,
    end_index: end ?? 0,
  }
}

/** A token, how likely it was, and what else could have stood in its place. */
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
