import { mediaOf, USUAL_LIMIT } from '../openai/prompt.ts'
import { countAsked, type Spoken, stripClientText } from '../strip-client-text.ts'
import type { Media, Prompt } from '../prompt.ts'
import { readDirectives } from '../read-directives.ts'
import { countTokens } from '../text-tokens.ts'
import { itemsOf, partsOf, textOf } from './items.ts'
import type { InputItem, InputPart, ResponsesRequest } from './request.ts'

/** What a call asks, after the items of the response it goes on from. */
export function readPrompt(request: ResponsesRequest, before: readonly InputItem[]): Prompt {
  const items = [...before, ...itemsOf(request)]
  const heard = items.slice(0, countAsked(items.map(toSpoken)))
  const asked = heard.findLastIndex(isUsers)
  const { text, directives, unknown } = readDirectives(textOf(items[asked]))
  const calls = items.filter(({ type }) => type === 'function_call')
  return {
    system: [request.instructions ?? '', ...items.filter(isInstruction).map(textOf)].join('\n'),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: items.slice(asked).filter(isUsers).flatMap(partsOf).flatMap(readMedia),
    toolResults: trailingResults(heard),
    tools: (request.tools ?? []).filter(({ type }) => type === 'function').map((tool) => ({
      name: tool.name ?? '',
      description: tool.description ?? '',
      parameters: tool.parameters,
    })),
    toolChoice: readToolChoice(request),
    parallelCalls: request.parallel_tool_calls !== false,
    hasParallelCalls: request.parallel_tool_calls === true || calls.length > 1,
    plans: false,
    format: readFormat(request),
    outputLimit: request.max_output_tokens ?? USUAL_LIMIT,
    stop: [],
    reasons: request.reasoning?.effort !== 'none',
    choices: 1,
    tokens: countPrompt(items, request),
    isStream: request.stream === true,
    wantsUsage: true,
    logprobs: undefined,
  }
}

function toSpoken(item: InputItem): Spoken {
  const by = isUsers(item) ? 'user' : item.type === 'function_call_output' ? 'tool' : 'other'
  return { by, text: textOf(item) }
}

function isUsers({ role }: InputItem): boolean {
  return role === 'user'
}

function isInstruction({ role }: InputItem): boolean {
  return role === 'system' || role === 'developer'
}

function readMedia({ image_url, file_data }: InputPart): readonly Media[] {
  if (image_url) return [mediaOf('image', image_url)]
  return file_data ? [mediaOf('document', file_data)] : []
}

function trailingResults(items: readonly InputItem[]): readonly string[] {
  const last = items.findLastIndex(({ type }) => type !== 'function_call_output')
  return items.slice(last + 1).map(textOf)
}

function readToolChoice({ tool_choice: choice }: ResponsesRequest): Prompt['toolChoice'] {
  if (typeof choice === 'object' && choice !== null) {
    return choice.type === 'function' ? { name: choice.name ?? '' } : 'auto'
  }
  return choice === 'none' || choice === 'required' ? choice : 'auto'
}

function readFormat({ text }: ResponsesRequest): Prompt['format'] {
  switch (text?.format?.type) {
    case 'json_object':
      return 'json'
    case 'json_schema':
      return { schema: text.format.schema }
    case 'text':
    case undefined:
      return 'text'
  }
}

function countPrompt(
  items: readonly InputItem[],
  { instructions, tools }: ResponsesRequest,
): number {
  const texts = [
    instructions ?? '',
    ...items.map((item) => `${textOf(item)} ${item.name ?? ''} ${item.arguments ?? ''}`.trim()),
    ...(tools ?? []).map(({ name, description }) => `${name ?? ''} ${description ?? ''}`.trim()),
  ]
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
