/** Type-level proof that Responses requests match the types of the `openai` package. */
import type { OpenAI } from 'openai'
import type { JsonFormat } from '../../../../src/oci/formats/openai/json-format.ts'
import type {
  FunctionCallItem,
  FunctionOutputItem,
  FunctionTool,
  InputFile,
  InputImage,
  InputMessage,
  InputText,
  OutputMessage,
  ResponsesRequest,
  ResponsesToolChoice,
  TextOptions,
  WebSearchTool,
  WireEvent,
  WireItem,
} from '../../../../src/oci/formats/responses/wire.ts'
import type { AllTrue, Fits, Same } from '../../sdk-shape.types.ts'

type Sdk = OpenAI.Responses.ResponseCreateParams
type SdkEvent = OpenAI.Responses.ResponseStreamEvent
type SdkOutput = OpenAI.Responses.ResponseOutputItem

/** Members that are proven individually below. */
type Nested = 'input' | 'text' | 'tools' | 'tool_choice'
type SdkPart = OpenAI.Responses.ResponseOutputMessage['content'][number]

type Proof = [
  Fits<Omit<ResponsesRequest, Nested>, Omit<Sdk, Nested>>,
  [Exclude<Nested, keyof Sdk>] extends [never] ? true : false,
  Fits<InputMessage, OpenAI.Responses.EasyInputMessage>,
  Fits<
    OutputMessage['content'][number],
    Omit<Extract<SdkPart, { type: 'output_text' }>, 'annotations'>
  >,
  Fits<FunctionCallItem, OpenAI.Responses.ResponseFunctionToolCall>,
  Fits<FunctionOutputItem, OpenAI.Responses.ResponseInputItem.FunctionCallOutput>,
  Fits<InputText, OpenAI.Responses.ResponseInputText>,
  Fits<InputImage, OpenAI.Responses.ResponseInputImage>,
  Fits<InputFile, OpenAI.Responses.ResponseInputFile>,
  Fits<FunctionTool, OpenAI.Responses.FunctionTool>,
  Fits<WebSearchTool, OpenAI.Responses.WebSearchTool>,
  Fits<TextOptions['verbosity'], OpenAI.Responses.ResponseTextConfig['verbosity']>,
  Fits<
    Extract<JsonFormat, { type: 'json_schema' }>,
    OpenAI.Responses.ResponseFormatTextJSONSchemaConfig
  >,
  Fits<Extract<JsonFormat, { type: 'json_object' }>, OpenAI.ResponseFormatJSONObject>,
  Fits<Exclude<ResponsesToolChoice, string>, OpenAI.Responses.ToolChoiceFunction>,
]

/** Discriminant values. */
type Kinds = [
  Same<Extract<ResponsesToolChoice, string>, OpenAI.Responses.ToolChoiceOptions>,
  Same<OutputMessage['type'], OpenAI.Responses.ResponseOutputMessage['type']>,
  Same<OutputMessage['role'], OpenAI.Responses.ResponseOutputMessage['role']>,
]

/** Every member that is read exists in some event or item. */
type KeysOf<Union> = Union extends unknown ? keyof Union : never
type Read = [
  [Exclude<keyof WireEvent, KeysOf<SdkEvent> | 'error'>] extends [never] ? true : false,
  [Exclude<keyof WireItem, KeysOf<SdkOutput>>] extends [never] ? true : false,
]

export type Proven = [AllTrue<Proof>, AllTrue<Kinds>, AllTrue<Read>]
