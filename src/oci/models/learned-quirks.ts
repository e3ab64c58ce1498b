import type { ChatRequest } from '../../chat/model.ts'
import type { ErrorBody } from '../http/error-body.ts'
import type { ModelProfile, ProfileOverride } from './profiles.ts'
import type { LearnedQuirk, ProfileQuirk } from './quirk.ts'
import { parameterIn, parameterOf, type RefusableParameter } from './parameter-names.ts'
import { namesOtherEndpoint } from './endpoint-choice.ts'
import {
  type AllowedRequest,
  hasParameter,
  inferValueQuirk,
  withoutRefusedValues,
} from './value-quirks.ts'

/** What may be known of the request that was refused. */
export interface RefusedRequest {
  /** The formats it was asked in before. */
  tried?: ReadonlySet<Format>
  /** As it was encoded, refused values left out. */
  request?: ChatRequest | undefined
}

const UNSUPPORTED =
  /unsupported|not supported|does not support|doesn't support|not allowed|unknown parameter|unrecognized/i

/**
 * Reads a refusal as a quirk of the model, most particular first; `undefined` when asking otherwise
 * would not help. Nothing is inferred about a parameter where the error names another endpoint.
 */
export function inferQuirk(
  body: ErrorBody,
  profile: ModelProfile,
  { tried = new Set(), request }: RefusedRequest = {},
): LearnedQuirk | undefined {
  if (body.status !== 400 || namesOtherEndpoint(body)) return undefined
  if (MISMATCH.test(body.message)) return formatQuirk(profile, tried)
  const quirk = tokenFieldQuirk(body, profile) ?? wordingQuirk(body.message)
  if (quirk) return changes(quirk, profile) ? quirk : undefined
  const parameter = refusedParameter(body)
  if (parameter === undefined || profile.unsupportedParameters.includes(parameter)) return undefined
  // A parameter that was not sent cannot be what was refused.
  if (request && !hasParameter(request, parameter)) return undefined
  return inferValueQuirk(body, parameter, request) ?? parameterQuirk(parameter)
}

function parameterQuirk(parameter: RefusableParameter): ProfileQuirk | undefined {
  return {
    type: 'profile',
    name: `without ${parameter}`,
    change: ({ unsupportedParameters }) => ({
      unsupportedParameters: [...unsupportedParameters, parameter],
    }),
  }
}

type Format = ModelProfile['format']

const MISMATCH = /chat request type does not match/i
/** Most models take the first; Cohere's take one of the others. */
const FORMATS: readonly Format[] = ['GENERIC', 'COHERE', 'COHEREV2']

function formatQuirk({ vendor, format }: ModelProfile, tried: ReadonlySet<Format>) {
  const next = FORMATS.find((candidate) =>
    candidate !== format && !tried.has(candidate) &&
    !(vendor === 'cohere' && candidate === 'GENERIC')
  )
  // Cohere's formats have no field for several answers.
  return next && told(`ask as ${next}`, { format: next, multipleChoices: next === 'GENERIC' })
}

const TOKEN_FIELD = /\bmax_?(completion_?)?tokens\b/i

/** Only the field that was sent teaches: where the other one is refused as well, neither helps. */
function tokenFieldQuirk(body: ErrorBody, { tokenField }: ModelProfile): ProfileQuirk | undefined {
  const { message, param } = body
  const [refused, completion] = TOKEN_FIELD.exec(param || message) ?? []
  if (refused === undefined || !isRefusal(body)) return undefined
  if (/at most|maximum|too large|exceed|greater/i.test(message)) return undefined
  const isSent = (completion !== undefined) === (tokenField === 'maxCompletionTokens')
  if (!isSent) return undefined
  const other = tokenField === 'maxTokens' ? 'maxCompletionTokens' : 'maxTokens'
  return told(`use ${other}`, { tokenField: other })
}

/** Refusals that no parameter's name gives away. */
const WORDINGS: readonly (readonly [RegExp, ProfileQuirk])[] = [
  [
    /parallel tool calls? (is|are) not supported/i,
    told('one call a turn', {
      parallelToolCalls: 'sequential',
    }),
  ],
  [
    /stream(ing)?\b.*(not supported|unsupported|not available)|not support.*\bstream/i,
    told(
      'no streaming',
      { streams: false },
    ),
  ],
  [
    /(system|developer) (message|role|prompt).*\btools?\b|\btools?\b.*system (message|role|prompt)/i,
    told(
      'system text as user text',
      { systemRole: 'user' },
    ),
  ],
  [
    /(tools?|functions?)\b.*\b(response_?format|response mime type|json (mode|schema))|(response_?format|response mime type|json (mode|schema)).*\b(tools?|function calling)\b/i,
    told(
      'tools without a response format',
      { toolsWithFormat: false },
    ),
  ],
  [
    /(json_?schema|structured outputs?).*(not supported|unsupported|not allowed)|not support.*(json_?schema|structured outputs?)/i,
    told(
      'schema told in the system text',
      { jsonSchema: 'prompt' },
    ),
  ],
]

function wordingQuirk(message: string): ProfileQuirk | undefined {
  return WORDINGS.find(([wording]) => wording.test(message))?.[1]
}

function told(name: string, override: ProfileOverride): ProfileQuirk {
  return { type: 'profile', name, change: () => override }
}

/** A quirk that is already applied teaches nothing: the call would only fail again. */
function changes(quirk: ProfileQuirk, profile: ModelProfile): boolean {
  const known = new Map<string, unknown>(Object.entries(profile))
  return Object.entries(quirk.change(profile)).some(([key, value]) => known.get(key) !== value)
}

function isRefusal({ message, code }: ErrorBody): boolean {
  return /^unsupported_(parameter|value)$|^unknown_parameter$/.test(code ?? '') ||
    UNSUPPORTED.test(message) || SUPPORTED_VALUES.test(message)
}

/** "Invalid value: 'none'. Supported values are: 'low', 'medium' and 'high'." */
const SUPPORTED_VALUES = /\b(supported|allowed) (values|levels)\b/i

/** Where the error has a field for the parameter at fault, its text may name others beside it. */
function refusedParameter(body: ErrorBody): RefusableParameter | undefined {
  if (!isRefusal(body)) return undefined
  return body.param ? parameterOf(body.param) : parameterIn(body.message)
}

/** A profile with quirks applied, in the order they were learned. */
export function applyToProfile(
  profile: ModelProfile,
  quirks: readonly LearnedQuirk[],
): ModelProfile {
  return quirks.reduce(
    (known, quirk) => quirk.type === 'profile' ? { ...known, ...quirk.change(known) } : known,
    profile,
  )
}

/** A request with quirks applied, in the order they were learned, and a warning for each. */
export function applyToRequest(
  request: ChatRequest,
  quirks: readonly LearnedQuirk[],
): AllowedRequest {
  return withoutRefusedValues(
    request,
    quirks.flatMap((quirk) => quirk.type === 'value' ? quirk : []),
  )
}
