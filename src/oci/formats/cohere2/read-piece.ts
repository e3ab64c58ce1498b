import * as v from 'valibot'
import type { Annotation, TokenLogprob } from '../../../chat/model.ts'
import { CitedDocument } from '../cohere/wire.ts'
import { asList, asObject, asText } from '../../json.ts'
import { type ChoicePiece, NONE } from '../response/decode-reply.ts'
import { readText, readToolCalls } from '../response/read-message.ts'
import { Citation, type Cohere2WireMessage, LogProbability, type WireReply } from './wire.ts'

/** Reads a reply, complete or one piece of a stream. */
export function readPiece(reply: WireReply): ChoicePiece {
  const message: Cohere2WireMessage = asObject(reply.message)
  const { text, reasoning } = readText(message)
  return {
    // Clients show the plan as text before the tool calls.
    text: asText(message.toolPlan) + text,
    reasoning,
    refusal: '',
    toolCalls: message.toolCalls ? readToolCalls(message) : NONE,
    annotations: message.citations ? decodeCitations(message) : NONE,
    logprobs: reply.logProbabilities ? decodeLogprobs(reply) : NONE,
    finishReason: reply.finishReason,
    errorMessage: reply.errorMessage,
  }
}

/** The sources of the text's passages; a document with an address is cited by the address. */
function decodeCitations({ citations }: Cohere2WireMessage): readonly Annotation[] {
  return asList(citations).flatMap((json): readonly Annotation[] => {
    const { success, output } = v.safeParse(Citation, json)
    // Positions in the reasoning or in the plan are not positions in the text.
    if (!success || (output.type ?? TEXT) !== TEXT) return []
    const { start, end, sources = [] } = output
    return sources.map(({ tool, document }): Annotation => {
      const cited = v.safeParse(CitedDocument, document?.document)
      const { url, title } = cited.success ? cited.output : {}
      return { url, title, source: tool?.id ?? document?.id, start, end }
    })
  })
}

const TEXT = 'TEXT_CONTENT'

/** The log probability of a text is the sum of those of its tokens. */
function decodeLogprobs({ logProbabilities }: WireReply): readonly TokenLogprob[] {
  return asList(logProbabilities).flatMap((json): readonly TokenLogprob[] => {
    const { success, output } = v.safeParse(LogProbability, json)
    if (!success) return []
    const logprob = output.logProbabilities.reduce((sum, one) => sum + one, 0)
    return [{ token: output.text, logprob, top: [] }]
  })
}
