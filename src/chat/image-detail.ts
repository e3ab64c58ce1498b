import type { MediaPart } from './model.ts'

/** Reads the detail of an image, if a client asks for another one than the default. */
export function readDetail(value: unknown, param: string): Pick<MediaPart, 'detail'> {
  const isDefault = value === undefined || value === null || value === 'auto'
  return isDefault ? {} : { detail: { value: String(value), param } }
}
