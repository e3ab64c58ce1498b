import type { Action, ActionTarget } from '../action.ts'
import { badFormat, badRequest, type ServiceError } from '../service-error.ts'
import { findPersonalInformation, PERSONAL_KINDS } from './personal-information.ts'
import { type ApplyGuardrailsDetails, type GuardrailsInput, inputsOf, textOf } from './request.ts'
import { GUARDRAIL_VERSIONS } from './versions.ts'

/** The texts that each category of content moderation flags. */
const MODERATION_PATTERNS = new Map<string, RegExp>([
  ['OVERALL', /\b(?:kill|bomb|murder|hate|attack)\w*/i],
  ['BLOCKLIST', /\b(?:kill|bomb)\w*/i],
])
const INJECTION =
  /\bignore (?:all |any )?(?:of )?(?:the |your |my )?(?:previous|prior|above) instructions\b/i

/** `POST /20231130/actions/applyGuardrails`, which needs no model. */
export const APPLY_GUARDRAILS: Action<ApplyGuardrailsDetails, ActionTarget> = {
  details: 'ApplyGuardrailsDetails',
  findTarget: () => ({ requestedId: 'guardrails', directives: new Map() }),
  textOf,
  validate,
  answer,
}

function validate(details: ApplyGuardrailsDetails): ServiceError | undefined {
  const { guardrailConfigs, guardrailVersionConfig } = details
  const inputs = inputsOf(details)
  if (inputs.length === 0) return badFormat('no input')
  if (inputs.some(isEmpty)) return badRequest('invalid request: input must not be empty')
  if (Object.keys(guardrailConfigs).length === 0) {
    return badRequest('invalid request: at least one guardrail configuration is required')
  }
  const unknown = unknownName(guardrailConfigs)
  if (unknown !== undefined) return badRequest(`invalid request: '${unknown}' is not supported`)
  const version = guardrailVersionConfig?.guardrailVersion
  if (version === undefined || isVersion(version)) return undefined
  return badRequest(`invalid request: guardrail version '${version}' does not exist`)
}

function answer(details: ApplyGuardrailsDetails): object {
  const { guardrailConfigs, guardrailVersionConfig } = details
  const {
    contentModerationConfig: moderation,
    personallyIdentifiableInformationConfig: personal,
    promptInjectionConfig: injection,
  } = guardrailConfigs
  const text = textOf(details)
  const scores = (pattern: RegExp | undefined) => scoreOf(pattern?.test(text) === true, details)
  const categories = moderation?.categories
    .map((name) => ({ name, ...scores(MODERATION_PATTERNS.get(name)) }))
  return {
    results: {
      ...(categories ? { contentModeration: { categories } } : {}),
      ...(personal
        ? { personallyIdentifiableInformation: findPersonalInformation(text, personal.types) }
        : {}),
      ...(injection ? { promptInjection: scores(INJECTION) } : {}),
    },
    guardrailVersion: { version: guardrailVersionConfig?.guardrailVersion ?? '1.0' },
  }
}

/** The score is 0 or 1; with `multimodalInput` it lists the flagged modalities. */
function scoreOf(isFlagged: boolean, { input }: ApplyGuardrailsDetails): object {
  const score = isFlagged ? 1 : 0
  return input === undefined && isFlagged ? { score, flaggedModalities: ['TEXT'] } : { score }
}

function isEmpty({ type, content = '', imageUrl }: GuardrailsInput): boolean {
  return type === 'TEXT' ? content === '' : !imageUrl
}

function unknownName(configs: ApplyGuardrailsDetails['guardrailConfigs']): string | undefined {
  const { contentModerationConfig, personallyIdentifiableInformationConfig } = configs
  const types = personallyIdentifiableInformationConfig?.types ?? []
  const categories = contentModerationConfig?.categories ?? []
  return categories.find((name) => !MODERATION_PATTERNS.has(name)) ??
    types.find((name) => !PERSONAL_KINDS.has(name))
}

function isVersion(name: string): boolean {
  return GUARDRAIL_VERSIONS.some(({ guardrailVersion }) => guardrailVersion === name)
}
