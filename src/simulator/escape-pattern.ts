/**
 * Escapes a text for a regular expression without the flags `u` and `v`. Node 22 has no
 * `RegExp.escape`.
 */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
