import type { ChatFormat } from './format.ts'
import { GENERIC } from './generic/format.ts'
import type { ModelProfile } from './models.ts'

/** The formats by OCI's names for them. */
export const FORMATS: Readonly<Partial<Record<ModelProfile['format'], ChatFormat>>> = { GENERIC }
