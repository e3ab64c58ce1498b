import { genericFamily } from './generic.ts'
import { OPENAI_RULES, OPENAI_SHAPES } from './openai.ts'

/** OpenAI's open models, which OCI runs itself: either token field, text only, thoughts shown. */
export const GPT_OSS = genericFamily({
  ...OPENAI_SHAPES,
  rules: OPENAI_RULES,
  endsWithDone: false,
  exposesReasoning: () => true,
})
