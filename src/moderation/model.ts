/** A request to check subjects one by one, independent of any API. */
export interface ModerationRequest {
  subjects: readonly ModerationSubject[]
}

/** A text, an image, or several of both that are checked together. */
export type ModerationSubject = readonly ModerationPart[]

export type ModerationPart =
  | { type: 'text'; text: string }
  | {
    type: 'image'
    /** A `data:` URL. */
    url: string
    /** The field in the client's request, for errors: `input[1].image_url.url`. */
    param: string
  }

/** The findings for one subject. */
export interface ModerationVerdict {
  /** OCI's own categories, such as `OVERALL` and `BLOCKLIST`. */
  categories: readonly CategoryScore[]
  /** Personal data found; `undefined` when not checked. */
  personal: readonly PersonalDetail[] | undefined
  /** Score of a prompt injection, from 0 to 1; `undefined` when not checked. */
  promptInjection: { score: number; modalities: readonly Modality[] } | undefined
  /** Version of the guardrails. */
  version: string | undefined
}

export interface CategoryScore {
  name: string
  /** From 0 to 1. */
  score: number
  /** The modalities that caused the score, when texts and images were checked together. */
  modalities: readonly Modality[]
}

export type Modality = 'text' | 'image'

export interface PersonalDetail {
  /** Position and length in the text, in characters as OCI counts them. */
  offset: number
  length: number
  text: string
  /** OCI's label, such as `EMAIL`. */
  label: string
  score: number
}
