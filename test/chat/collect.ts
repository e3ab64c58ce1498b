import { ApiError } from '../../src/errors.ts'
import type { ChatEvent, ChatEventBatches } from '../../src/chat/events.ts'
import type {
  Annotation,
  ChatReply,
  Choice,
  FinishReason,
  TokenLogprob,
  ToolCall,
  Usage,
} from '../../src/chat/model.ts'

/** Folds the events of a stream into the reply they describe. */
export interface Collector {
  add(event: ChatEvent): void
  /** The whole reply. Throws an `upstream_incomplete` when a choice did not finish. */
  reply(): ChatReply
}

interface Draft {
  text: string
  reasoning: string
  refusal: string
  toolCalls: Map<number, ToolCall>
  annotations: Annotation[]
  logprobs: TokenLogprob[]
  finishReason: FinishReason | undefined
}

/** Reads a stream to its end and returns the whole reply. */
export async function collect(batches: ChatEventBatches): Promise<ChatReply> {
  const collector = createCollector()
  for await (const batch of batches) batch.forEach(collector.add)
  return collector.reply()
}

/** Creates a collector for tests that read the events themselves. */
export function createCollector(): Collector {
  const drafts = new Map<number, Draft>()
  let usage: Usage | undefined
  let serviceTier: string | undefined

  const draftOf = (choice: number): Draft => {
    const draft = drafts.get(choice) ?? createDraft()
    drafts.set(choice, draft)
    return draft
  }
  const add = (event: ChatEvent): void => {
    if (event.type === 'usage') usage = event.usage
    else if (event.type === 'service-tier') serviceTier = event.serviceTier
    else addToDraft(draftOf(event.choice), event)
  }
  const reply = (): ChatReply => {
    if (drafts.size === 0) throw incomplete('the stream ended without a reply')
    const choices = [...drafts].toSorted(([one], [other]) => one - other).map(toChoice)
    return { choices, usage, serviceTier, created: undefined }
  }
  return { add, reply }
}

function createDraft(): Draft {
  return {
    text: '',
    reasoning: '',
    refusal: '',
    toolCalls: new Map(),
    annotations: [],
    logprobs: [],
    finishReason: undefined,
  }
}

function addToDraft(draft: Draft, event: Extract<ChatEvent, { choice: number }>): void {
  switch (event.type) {
    case 'text-delta':
      draft.text += event.text
      return
    case 'reasoning-delta':
      draft.reasoning += event.text
      return
    case 'refusal-delta':
      draft.refusal += event.text
      return
    case 'tool-call-start':
      draft.toolCalls.set(event.index, { id: event.id, name: event.name, arguments: '' })
      return
    case 'tool-call-delta':
      addArguments(draft.toolCalls, event.index, event.arguments)
      return
    case 'annotations':
      for (const annotation of event.annotations) draft.annotations.push(annotation)
      return
    case 'logprobs':
      // One by one: an argument list of 100,000 tokens would overflow the stack.
      for (const token of event.tokens) draft.logprobs.push(token)
      return
    case 'finish':
      draft.finishReason = event.reason
      return
  }
}

function addArguments(calls: Map<number, ToolCall>, index: number, more: string): void {
  const call = calls.get(index)
  if (call === undefined) {
    throw new ApiError(
      'upstream_invalid_response',
      `Cannot read the reply: arguments for tool call ${index}, which has not started`,
    )
  }
  calls.set(index, { ...call, arguments: call.arguments + more })
}

function toChoice([index, { toolCalls, finishReason, ...draft }]: [number, Draft]): Choice {
  if (finishReason === undefined) throw incomplete(`choice ${index} did not finish`)
  const inOrder = [...toolCalls].toSorted(([one], [other]) => one - other)
  return { index, ...draft, toolCalls: inOrder.map(([, call]) => call), finishReason }
}

function incomplete(state: string): ApiError {
  return new ApiError('upstream_incomplete', `Cannot read the reply: ${state}`)
}
