/** Type-level proof that Cohere requests match the types of Oracle's SDK. */
import type { models as sdk } from 'oci-generativeaiinference'
import type {
  ChatBotTurn,
  CohereChatRequest,
  CohereParameter,
  CohereResponseFormat,
  CohereTool,
  CohereToolCall,
  CohereToolResult,
  ToolTurn,
  UserTurn,
} from '../../../../src/oci/formats/cohere/wire.ts'
import type { AllTrue, Fits, Same } from '../../sdk-shape.types.ts'

type Proof = [
  Fits<CohereChatRequest, sdk.CohereChatRequest>,
  Fits<CohereResponseFormat, sdk.CohereResponseJsonFormat>,
  Fits<UserTurn, sdk.CohereUserMessage>,
  Fits<ChatBotTurn, sdk.CohereChatBotMessage>,
  Fits<ToolTurn, sdk.CohereToolMessage>,
  Fits<CohereToolCall, sdk.CohereToolCall>,
  Fits<CohereToolResult, sdk.CohereToolResult>,
  Fits<CohereTool, sdk.CohereTool>,
  Fits<CohereParameter, sdk.CohereParameterDefinition>,
]

/** Discriminant values. */
type Kinds = [
  Same<CohereChatRequest['apiFormat'], typeof sdk.CohereChatRequest.apiFormat>,
  Same<CohereResponseFormat['type'], typeof sdk.CohereResponseJsonFormat.type>,
  Same<UserTurn['role'], typeof sdk.CohereUserMessage.role>,
  Same<ChatBotTurn['role'], typeof sdk.CohereChatBotMessage.role>,
  Same<ToolTurn['role'], typeof sdk.CohereToolMessage.role>,
]

export type Proven = [AllTrue<Proof>, AllTrue<Kinds>]
