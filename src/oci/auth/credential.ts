/** What a credential sees of the request it signs: exactly what will be sent. */
export interface SignableRequest {
  /** Upper case: GET, HEAD, DELETE, POST, PUT or PATCH. */
  method: string
  url: URL
  /** The bytes of the body, for the methods that have one. */
  body?: Uint8Array<ArrayBuffer> | undefined
  /** `application/json` when absent and there is a body. */
  contentType?: string | undefined
  /** The date to sign: milliseconds since the epoch, already set right by what OCI said of our clock. */
  date: number
}

/**
 * A way to authenticate to OCI: given the request to sign, it answers with the headers to add.
 * Each is made by a factory that has checked its input and imported its key.
 */
export type Credential = (request: SignableRequest) => Promise<Record<string, string>>
