import * as v from 'valibot'
import type { Annotation, TokenLogprob } from '../../../chat/model.ts'
import { CitedDocument } from '../cohere/wire.ts'
import { asList, asObject, asText } from '../../json.ts'
import { readText } from '../response/read-message.ts'
import { Citation, type Cohere2WireMessage, LogProbability, type WireReply } from './wire.ts'

/** The message of an answer or of a piece of it, which may have none. */
export function messageOf({ message }: WireReply): Cohere2WireMessage {
  return asObject(message)
}

/** The words of a message; its plan is what clients show as said before the calls. */
export function readWords(message: Cohere2WireMessage): { text: string; reasoning: string } {
  const { text, reasoning } = readText(message)
  return { text: asText(message.toolPlan) + text, reasoning }
}

/** The sources of the text's passages; a document that has an address is cited by it. */
export function decodeCitations({ citations }: Cohere2WireMessage): readonly Annotation[] {
  return asList(citations).flatMap((json): readonly Annotation[] => {
    const { success, output } = v.safeParse(Citation, json)
    // Positions in the thoughts or in the plan mean nothing in the text.
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

/** A piece of text is as likely as its tokens together. */
export function decodeLogprobs({ logProbabilities }: WireReply): readonly TokenLogprob[] {
  return asList(logProbabilities).flatMap((json): readonly TokenLogprob[] => {
    const { success, output } = v.safeParse(LogProbability, json)
    if (!success) return []
    const logprob = output.logProbabilities.reduce((sum, one) => sum + one, 0)
    return [{ token: output.text, logprob, top: [] }]
  })
}
