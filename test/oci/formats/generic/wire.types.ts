/**
 * Type-level proof that requests match the types of Oracle's SDK: keys, types and discriminants.
 * Nothing here runs.
 */
import type { models as sdk } from 'oci-generativeaiinference'
import type {
  AssistantMessage,
  FunctionCall,
  FunctionDefinition,
  GenericChatRequest,
  GenericContent,
  GenericResponseFormat,
  GenericToolChoice,
  InstructionMessage,
  ResponseJsonSchema,
  TextContent,
  ToolMessage,
  UserMessage,
  WebSearchOptions,
} from '../../../../src/oci/formats/generic/wire.ts'
import type { ServingMode } from '../../../../src/oci/models/names.ts'
import type { AllTrue, Fits, Same } from '../../sdk-shape.types.ts'

/** One member of a union, selected by its `type`. */
type One<Union, Kind> = Extract<Union, { type: Kind }>

type Proof = [
  Fits<GenericChatRequest, sdk.GenericChatRequest>,
  Fits<Extract<ServingMode, { modelId: string }>, sdk.OnDemandServingMode>,
  Fits<Extract<ServingMode, { endpointId: string }>, sdk.DedicatedServingMode>,
  Fits<InstructionMessage, sdk.SystemMessage>,
  Fits<InstructionMessage, sdk.DeveloperMessage>,
  Fits<UserMessage, sdk.UserMessage>,
  Fits<AssistantMessage, sdk.AssistantMessage>,
  Fits<ToolMessage, sdk.ToolMessage>,
  Fits<FunctionCall, sdk.FunctionCall>,
  Fits<FunctionDefinition, sdk.FunctionDefinition>,
  Fits<TextContent, sdk.TextContent>,
  Fits<One<GenericContent, 'IMAGE'>, sdk.ImageContent>,
  Fits<One<GenericContent, 'IMAGE'>['imageUrl'], sdk.ImageUrl>,
  Fits<One<GenericContent, 'DOCUMENT'>, sdk.DocumentContent>,
  Fits<One<GenericContent, 'DOCUMENT'>['documentUrl'], sdk.DocumentUrl>,
  Fits<One<GenericContent, 'AUDIO'>, sdk.AudioContent>,
  Fits<One<GenericContent, 'AUDIO'>['audioUrl'], sdk.AudioUrl>,
  Fits<One<GenericContent, 'VIDEO'>, sdk.VideoContent>,
  Fits<One<GenericContent, 'VIDEO'>['videoUrl'], sdk.VideoUrl>,
  Fits<One<GenericToolChoice, 'FUNCTION'>, sdk.ToolChoiceFunction>,
  Fits<Exclude<GenericToolChoice, { name: string }>, sdk.ToolChoiceAuto>,
  Fits<One<GenericResponseFormat, 'JSON_OBJECT'>, sdk.JsonObjectResponseFormat>,
  Fits<One<GenericResponseFormat, 'JSON_SCHEMA'>, sdk.JsonSchemaResponseFormat>,
  Fits<ResponseJsonSchema, sdk.ResponseJsonSchema>,
  Fits<WebSearchOptions, sdk.WebSearchOptions>,
  Fits<NonNullable<WebSearchOptions['userLocation']>, sdk.ApproximateLocation>,
  Fits<NonNullable<GenericChatRequest['prediction']>, sdk.StaticContent>,
  Fits<NonNullable<GenericChatRequest['streamOptions']>, sdk.StreamOptions>,
]

/** Discriminant values. */
type Kinds = [
  Same<GenericChatRequest['apiFormat'], typeof sdk.GenericChatRequest.apiFormat>,
  Same<
    InstructionMessage['role'],
    typeof sdk.SystemMessage.role | typeof sdk.DeveloperMessage.role
  >,
  Same<UserMessage['role'], typeof sdk.UserMessage.role>,
  Same<AssistantMessage['role'], typeof sdk.AssistantMessage.role>,
  Same<ToolMessage['role'], typeof sdk.ToolMessage.role>,
  Same<FunctionCall['type'], typeof sdk.FunctionCall.type>,
  Same<FunctionDefinition['type'], typeof sdk.FunctionDefinition.type>,
  Same<
    GenericContent['type'],
    | typeof sdk.TextContent.type
    | typeof sdk.ImageContent.type
    | typeof sdk.DocumentContent.type
    | typeof sdk.AudioContent.type
    | typeof sdk.VideoContent.type
  >,
  Same<
    GenericToolChoice['type'],
    | typeof sdk.ToolChoiceAuto.type
    | typeof sdk.ToolChoiceNone.type
    | typeof sdk.ToolChoiceRequired.type
    | typeof sdk.ToolChoiceFunction.type
  >,
  Same<
    GenericResponseFormat['type'],
    typeof sdk.JsonObjectResponseFormat.type | typeof sdk.JsonSchemaResponseFormat.type
  >,
  Same<NonNullable<GenericChatRequest['prediction']>['type'], typeof sdk.StaticContent.type>,
  Same<
    ServingMode['servingType'],
    typeof sdk.OnDemandServingMode.servingType | typeof sdk.DedicatedServingMode.servingType
  >,
]

export type Proven = [AllTrue<Proof>, AllTrue<Kinds>]
