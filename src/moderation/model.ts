/** What is to be judged: each subject by itself, in nobody's words. */
export interface ModerationRequest {
  subjects: readonly ModerationSubject[]
}

/** A text, a picture, or several of both that belong together. */
export type ModerationSubject = readonly ModerationPart[]

export type ModerationPart =
  | { type: 'text'; text: string }
  | {
    type: 'image'
    /** A `data:` URL. */
    url: string
    /** Where the client put it, for an error that names it: `input[1].image_url.url`. */
    param: string
  }

/** What was found in one subject. */
export interface ModerationVerdict {
  /** OCI's own categories, such as `OVERALL` and `BLOCKLIST`. */
  categories: readonly CategoryScore[]
  /** What tells of a person; `undefined` where it was not looked for. */
  personal: readonly PersonalDetail[] | undefined
  /** From 0 to 1: whether somebody tries to give a model orders; `undefined` where nobody looked. */
  promptInjection: { score: number; modalities: readonly Modality[] } | undefined
  /** Of the guardrails that judged. */
  version: string | undefined
}

export interface CategoryScore {
  name: string
  /** From 0 to 1. */
  score: number
  /** What gave rise to it, where texts and pictures were judged together. */
  modalities: readonly Modality[]
}

export type Modality = 'text' | 'image'

export interface PersonalDetail {
  /** Position and length in the text, in characters as OCI counts them. */
  offset: number
  length: number
  text: string
  /** OCI's word for what it is: `EMAIL`. */
  label: string
  score: number
}
