/** Type-level proof that chat completions match the types of the `openai` package. */
import type { OpenAI } from 'openai'
import type { NamedSchema } from '../../../../src/oci/formats/openai/json-format.ts'
import type {
  ChatAssistantMessage,
  ChatCompletionsRequest,
  ChatInstruction,
  ChatPart,
  ChatTool,
  ChatToolCall,
  ChatToolChoice,
  ChatToolMessage,
  ChatUserMessage,
  ChatWebSearch,
} from '../../../../src/oci/formats/chat-completions/wire.ts'
import type { AllTrue, Fits, Same } from '../../sdk-shape.types.ts'

type Sdk = OpenAI.Chat.ChatCompletionCreateParams

/** Members that are proven individually below. */
type Nested = 'messages' | 'tools' | 'tool_choice' | 'response_format'
type One<Type> = Extract<ChatPart, { type: Type }>

type Proof = [
  Fits<Omit<ChatCompletionsRequest, Nested>, Omit<Sdk, Nested | 'model'>>,
  [Exclude<Nested, keyof Sdk>] extends [never] ? true : false,
  Fits<Omit<ChatInstruction, 'role'>, Omit<OpenAI.Chat.ChatCompletionSystemMessageParam, 'role'>>,
  Fits<ChatUserMessage, OpenAI.Chat.ChatCompletionUserMessageParam>,
  Fits<ChatAssistantMessage, OpenAI.Chat.ChatCompletionAssistantMessageParam>,
  Fits<ChatToolMessage, OpenAI.Chat.ChatCompletionToolMessageParam>,
  Fits<ChatToolCall, OpenAI.Chat.ChatCompletionMessageFunctionToolCall>,
  Fits<ChatTool, OpenAI.Chat.ChatCompletionFunctionTool>,
  Fits<NamedSchema, OpenAI.ResponseFormatJSONSchema['json_schema']>,
  Fits<One<'text'>, OpenAI.Chat.ChatCompletionContentPartText>,
  Fits<One<'image_url'>, OpenAI.Chat.ChatCompletionContentPartImage>,
  Fits<One<'input_audio'>, OpenAI.Chat.ChatCompletionContentPartInputAudio>,
  Fits<One<'file'>, OpenAI.Chat.ChatCompletionContentPart.File>,
  Fits<ChatWebSearch, NonNullable<Sdk['web_search_options']>>,
  Fits<Exclude<ChatToolChoice, string>, OpenAI.Chat.ChatCompletionNamedToolChoice>,
]

/** Discriminant values. */
type Kinds = [
  Same<
    ChatInstruction['role'],
    | OpenAI.Chat.ChatCompletionSystemMessageParam['role']
    | OpenAI.Chat.ChatCompletionDeveloperMessageParam['role']
  >,
]

export type Proven = [AllTrue<Proof>, AllTrue<Kinds>]
