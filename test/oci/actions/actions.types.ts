/**
 * Type-level proof that requests of the actions other than chat match the types of Oracle's SDK.
 * Nothing here runs.
 */
import type { models as sdk } from 'oci-generativeaiinference'
import type { EmbedContent, EmbedTextDetails } from '../../../src/oci/actions/embeddings/wire.ts'
import type { Base64Type } from '../../../src/oci/models/model-profile.ts'
import type {
  ApplyGuardrailsDetails,
  GuardrailConfigs,
  GuardrailsInput,
} from '../../../src/oci/actions/guardrails/wire.ts'
import type { RerankTextDetails } from '../../../src/oci/actions/rerank/wire.ts'
import type { AllTrue, Fits, Same } from '../sdk-shape.types.ts'

type Text = Extract<GuardrailsInput, { type: 'TEXT' }>
type Image = Extract<GuardrailsInput, { type: 'IMAGE' }>

/** Proven separately. */
type Apart = 'guardrailConfigs'

export type Proven = AllTrue<[
  Fits<Omit<EmbedTextDetails, 'embedContents' | 'embeddingTypes'>, sdk.EmbedTextDetails>,
  // The SDK does not know the other case.
  Same<Extract<Base64Type, `${sdk.EmbedTextDetails.EmbeddingTypes}`>, 'base64'>,
  Fits<Pick<EmbedTextDetails, 'embedContents'>, Pick<sdk.EmbedTextDetails, 'embedContents'>>,
  Fits<EmbedContent, sdk.EmbedImageContent>,
  Same<EmbedContent['type'], typeof sdk.EmbedImageContent.type>,
  Same<EmbedTextDetails['inputType'], `${sdk.EmbedTextDetails.InputType}`>,
  Same<NonNullable<EmbedTextDetails['truncate']>, `${sdk.EmbedTextDetails.Truncate}`>,
  Fits<RerankTextDetails, sdk.RerankTextDetails>,
  Fits<Omit<ApplyGuardrailsDetails, Apart>, Omit<sdk.ApplyGuardrailsDetails, Apart>>,
  Fits<GuardrailConfigs, sdk.GuardrailConfigs>,
  Fits<Text, sdk.GuardrailsTextInput>,
  Same<Text['type'], typeof sdk.GuardrailsTextInput.type>,
  Fits<Image, sdk.GuardrailsImageInput>,
  Same<Image['type'], typeof sdk.GuardrailsImageInput.type>,
]>
