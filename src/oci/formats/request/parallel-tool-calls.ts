import type { ModelProfile } from '../../models/profiles.ts'

/** Allowing several calls at once is OpenAI's default, but Llama answers 400 to hearing it. */
export function sendsParallelToolCalls(
  parallel: boolean | undefined,
  { parallelToolCalls }: ModelProfile,
): boolean {
  return parallel !== undefined && !(parallel && parallelToolCalls === 'sequential')
}
