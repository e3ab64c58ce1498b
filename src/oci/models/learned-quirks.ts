import type { ChatRequest } from '../../chat/model.ts'
import type { ErrorBody } from '../http/error-body.ts'
import type { ModelProfile, ProfileOverride } from './profiles.ts'
import type { LearnedQuirk, ProfileQuirk } from './quirk.ts'
import { parameterIn, parameterOf, type RefusableParameter } from './parameter-names.ts'
import { namesOtherEndpoint } from './endpoint-choice.ts'
import { inferMediaQuirk } from './media-quirks.ts'
import {
  type AllowedRequest,
  hasParameter,
  inferValueQuirk,
  withoutRejectedValues,
} from './value-quirks.ts'

/** What is known of the rejected request. */
export interface RejectedRequest {
  /** The formats in which it was sent before. */
  tried?: ReadonlySet<Format>
  /** The request that was encoded, without the values that quirks remove. */
  request?: ChatRequest | undefined
}

const UNSUPPORTED =
  /unsupported|not supported|does not support|doesn't support|not allowed|unknown parameter|unrecognized/i

/**
 * Infers a quirk of the model from a rejection; the most specific one wins. Returns `undefined` if no
 * change of the request would help. If the error names another endpoint, it is not about parameters.
 */
export function inferQuirk(
  body: ErrorBody,
  profile: ModelProfile,
  { tried = new Set(), request }: RejectedRequest = {},
): LearnedQuirk | undefined {
  if (body.status !== 400 || namesOtherEndpoint(body)) return undefined
  if (MISMATCH.test(body.message)) return formatQuirk(profile, tried)
  const quirk = tokenFieldQuirk(body, profile) ?? textQuirk(body.message)
  if (quirk) return hasEffect(quirk, profile) ? quirk : undefined
  const media = inferMediaQuirk(body.message, profile, request)
  if (media) return media
  const parameter = rejectedParameter(body)
  if (parameter === undefined || profile.unsupportedParameters.includes(parameter)) return undefined
  // A parameter that was not sent cannot be the cause.
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
/** Most models use the first one, Cohere's models one of the others. */
const FORMATS: readonly Format[] = ['GENERIC', 'COHERE', 'COHEREV2']

function formatQuirk({ vendor, format }: ModelProfile, tried: ReadonlySet<Format>) {
  const next = FORMATS.find((candidate) =>
    candidate !== format && !tried.has(candidate) &&
    !(vendor === 'cohere' && candidate === 'GENERIC')
  )
  // Cohere's formats have no field for several choices.
  return next &&
    profileQuirk(`use format ${next}`, { format: next, multipleChoices: next === 'GENERIC' })
}

const TOKEN_FIELD = /\bmax_?(completion_?)?tokens\b/i

/** Only a rejection of the field that was sent is a quirk: if both are rejected, neither helps. */
function tokenFieldQuirk(body: ErrorBody, { tokenField }: ModelProfile): ProfileQuirk | undefined {
  const { message, param } = body
  const [rejected, completion] = TOKEN_FIELD.exec(param || message) ?? []
  if (rejected === undefined || !isRejection(body)) return undefined
  if (/at most|maximum|too large|exceed|greater/i.test(message)) return undefined
  const isSent = (completion !== undefined) === (tokenField === 'maxCompletionTokens')
  if (!isSent) return undefined
  const other = tokenField === 'maxTokens' ? 'maxCompletionTokens' : 'maxTokens'
  return profileQuirk(`use ${other}`, { tokenField: other })
}

/** Rejections that are recognized by their text, not by a parameter's name. */
const TEXTS: readonly (readonly [RegExp, ProfileQuirk])[] = [
  [
    /parallel tool calls? (is|are) not supported/i,
    profileQuirk('one tool call per turn', {
      parallelToolCalls: 'sequential',
    }),
  ],
  [
    /stream(ing)?\b.*(not supported|unsupported|not available)|not support.*\bstream/i,
    profileQuirk(
      'no streaming',
      { streams: false },
    ),
  ],
  [
    /(system|developer) (message|role|prompt).*\btools?\b|\btools?\b.*system (message|role|prompt)/i,
    profileQuirk(
      'system text as user text',
      { systemRole: 'user' },
    ),
  ],
  [
    /(tools?|functions?)\b.*\b(response_?format|response mime type|json (mode|schema))|(response_?format|response mime type|json (mode|schema)).*\b(tools?|function calling)\b/i,
    profileQuirk(
      'tools without a response format',
      { toolsWithFormat: false },
    ),
  ],
  [
    /(json_?schema|structured outputs?).*(not supported|unsupported|not allowed)|not support.*(json_?schema|structured outputs?)/i,
    profileQuirk(
      'schema in the system text',
      { jsonSchema: 'prompt' },
    ),
  ],
]

function textQuirk(message: string): ProfileQuirk | undefined {
  return TEXTS.find(([pattern]) => pattern.test(message))?.[1]
}

function profileQuirk(name: string, override: ProfileOverride): ProfileQuirk {
  return { type: 'profile', name, change: () => override }
}

/** Whether a quirk changes the profile. One that is already applied would not help. */
function hasEffect(quirk: ProfileQuirk, profile: ModelProfile): boolean {
  const known = new Map<string, unknown>(Object.entries(profile))
  return Object.entries(quirk.change(profile)).some(([key, value]) => known.get(key) !== value)
}

function isRejection({ message, code }: ErrorBody): boolean {
  return /^unsupported_(parameter|value)$|^unknown_parameter$/.test(code ?? '') ||
    UNSUPPORTED.test(message) || SUPPORTED_VALUES.test(message)
}

/** "Invalid value: 'none'. Supported values are: 'low', 'medium' and 'high'." */
const SUPPORTED_VALUES = /\b(supported|allowed) (values|levels)\b/i

/** Prefers the error's field for the parameter, because its text may name others as well. */
function rejectedParameter(body: ErrorBody): RefusableParameter | undefined {
  if (!isRejection(body)) return undefined
  return body.param ? parameterOf(body.param) : parameterIn(body.message)
}

/** Applies quirks to a profile, in the order in which they were learned. */
export function applyToProfile(
  profile: ModelProfile,
  quirks: readonly LearnedQuirk[],
): ModelProfile {
  return quirks.reduce(
    (known, quirk) => quirk.type === 'profile' ? { ...known, ...quirk.change(known) } : known,
    profile,
  )
}

/** Applies quirks to a request, in the order in which they were learned, with a warning for each. */
export function applyToRequest(
  request: ChatRequest,
  quirks: readonly LearnedQuirk[],
): AllowedRequest {
  return withoutRejectedValues(
    request,
    quirks.flatMap((quirk) => quirk.type === 'value' ? quirk : []),
  )
}
