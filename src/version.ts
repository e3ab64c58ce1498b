/** The version of the package; a test compares it with `package.json`. */
export const VERSION = '0.1.0'

declare const BUILD_COMMIT: string | undefined

/** The commit of a built package; `undefined` if the source runs without a build. */
export const COMMIT = typeof BUILD_COMMIT === 'undefined' ? undefined : BUILD_COMMIT
