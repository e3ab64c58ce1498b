/** Type-level proof that Cohere requests match the types of Oracle's SDK. */
import type { models as sdk } from 'oci-generativeaiinference'
import type {
  AssistantMessage,
  Cohere2ChatRequest,
  Cohere2Content,
  Cohere2Function,
  Cohere2Tool,
  Cohere2ToolCall,
  TextContent,
  TextMessage,
  ToolMessage,
} from '../../../../src/oci/formats/cohere2/wire.ts'
import type { AllTrue, Fits, Same } from '../../sdk-shape.types.ts'

/** One member of a union. */
type One<Kind> = Extract<Cohere2Content, { type: Kind }>

type Proof = [
  Fits<Cohere2ChatRequest, sdk.CohereChatRequestV2>,
  Fits<TextMessage, sdk.CohereUserMessageV2>,
  Fits<AssistantMessage, sdk.CohereAssistantMessageV2>,
  Fits<ToolMessage, sdk.CohereToolMessageV2>,
  Fits<TextContent, sdk.CohereTextContentV2>,
  Fits<One<'IMAGE_URL'>, sdk.CohereImageContentV2>,
  Fits<One<'IMAGE_URL'>['imageUrl'], sdk.CohereImageUrlV2>,
  Fits<One<'DOCUMENT'>, sdk.CohereDocumentContentV2>,
  Fits<Cohere2ToolCall, sdk.CohereToolCallV2>,
  Fits<Cohere2Tool, sdk.CohereToolV2>,
  Fits<Cohere2Function, sdk.Function>,
  Fits<NonNullable<Cohere2ChatRequest['thinking']>, sdk.CohereThinkingV2>,
]

/** Discriminant values. */
type Kinds = [
  Same<Cohere2ChatRequest['apiFormat'], typeof sdk.CohereChatRequestV2.apiFormat>,
  Same<
    TextMessage['role'],
    typeof sdk.CohereSystemMessageV2.role | typeof sdk.CohereUserMessageV2.role
  >,
  Same<AssistantMessage['role'], typeof sdk.CohereAssistantMessageV2.role>,
  Same<ToolMessage['role'], typeof sdk.CohereToolMessageV2.role>,
  Same<
    Cohere2Content['type'],
    | typeof sdk.CohereTextContentV2.type
    | typeof sdk.CohereImageContentV2.type
    | typeof sdk.CohereDocumentContentV2.type
  >,
]

export type Proven = [AllTrue<Proof>, AllTrue<Kinds>]
