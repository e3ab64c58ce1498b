import type { ModelProfile } from '../../models/profiles.ts'

/**
 * Whether the parameter is sent. `true` is OpenAI's default and omitted for models without parallel
 * tool calls: Llama answers 400 to it.
 */
export function sendsParallelToolCalls(
  parallel: boolean | undefined,
  { parallelToolCalls }: ModelProfile,
): boolean {
  return parallel !== undefined && !(parallel && parallelToolCalls === 'sequential')
}
