/** The body of `applyGuardrails`. */
export interface ApplyGuardrailsDetails {
  compartmentId: string
  input?: GuardrailsInput
  multimodalInput?: readonly GuardrailsInput[]
  guardrailConfigs: {
    contentModerationConfig?: { categories: readonly string[] }
    personallyIdentifiableInformationConfig?: { types: readonly string[] }
    promptInjectionConfig?: object
  }
  guardrailVersionConfig?: { guardrailVersion: string }
}

export interface GuardrailsInput {
  type: 'TEXT' | 'IMAGE'
  content?: string
  languageCode?: string
  imageUrl?: { url: string }
}

/** All inputs of a request; `input` takes precedence over `multimodalInput`. */
export function inputsOf(
  { input, multimodalInput = [] }: ApplyGuardrailsDetails,
): readonly GuardrailsInput[] {
  return input ? [input] : multimodalInput
}

/** The text of all inputs. */
export function textOf(details: ApplyGuardrailsDetails): string {
  return inputsOf(details).map(({ content = '' }) => content).filter(Boolean).join('\n')
}
