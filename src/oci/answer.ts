/** What OCI answered, and what goes with it to the client. */
export interface Answer<T> {
  value: T
  /** OCI's own id of the call; absent where none was made. */
  opcRequestId: string | undefined
  /** What could not be passed on, field first. */
  warnings: readonly string[]
}
