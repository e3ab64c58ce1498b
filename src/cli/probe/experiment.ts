import type { Capabilities, ModelCapabilities } from '../../config/capabilities.ts'

/** What an answer of OCI shows. */
export type Finding = Partial<Pick<Capabilities, 'nativeBearer' | 'aliases'>> & {
  models?: Readonly<Record<string, ModelCapabilities>>
}

/** A request that OCI accepts or rejects. */
export interface Variant {
  /** What is true if OCI accepts it. */
  shows: string
  finding: Finding
  /** The request without its compartment. */
  body: object
  /** Whether an answer is as expected; any one is, if absent. */
  isExpected?: (answer: unknown) => boolean
}

/** A question that requests answer: the first accepted variant decides. */
export interface Experiment {
  /** Its name in the documentation of `probe`. */
  question: string
  model: string
  action: 'chat' | 'rerankText' | 'embedText'
  variants: readonly Variant[]
  /** What is true if OCI rejects all variants; `undefined` if that says nothing. */
  otherwise?: Omit<Variant, 'body'> | undefined
  /**
   * What answers the question instead of whether OCI accepts the only variant: the shape of the error
   * with which it rejects it, or a header of its answer.
   */
  observes?: 'error' | 'header'
  /** Output tokens of one call, at most. */
  maxOutput: number
}

/** Output tokens of most calls. */
export const SHORT = 16
