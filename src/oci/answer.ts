/** What OCI answered, and what goes with it to the client. */
export interface Answer<T> {
  value: T
  /** OCI's own id of the call; absent where none was made. */
  opcRequestId: string | undefined
  /** What could not be passed on, field first. */
  warnings: readonly string[]
  /** The region that answered, and the calls it took to get there. */
  region?: string | undefined
  attempts?: number | undefined
  /** The model that answered instead of the one asked for, where the operator named one. */
  fallback?: string | undefined
}
