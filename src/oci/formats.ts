import { COHERE } from './cohere/format.ts'
import { COHERE2 } from './cohere2/format.ts'
import type { ChatFormat } from './format.ts'
import { GENERIC } from './generic/format.ts'
import type { ModelProfile } from './models.ts'

/** The formats by OCI's names for them. */
export const FORMATS: Readonly<Record<ModelProfile['format'], ChatFormat>> = {
  GENERIC,
  COHERE,
  COHEREV2: COHERE2,
}
