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
  /** OCI refused the token of the headers given before: get a new one first. */
  renew?: boolean
}

/** What a person can do when OCI refuses the credential, in sentences without a full stop. */
export interface CredentialAdvice {
  /** After a 401. */
  refused: string
  /** The statement of the policy that lets the credential use the models. */
  policy: string
}

/**
 * A way to authenticate to OCI: given the request to sign, it answers with the headers to add.
 * Each is made by a factory that has checked its input and imported its key.
 */
export interface Credential {
  (request: SignableRequest): Promise<Record<string, string>>
  /** Whether it is worth asking again, with `renew`, when OCI has answered 401. */
  readonly renewable?: boolean
  /** `signature` when absent. A bearer key is only taken by OCI's OpenAI-compatible endpoint. */
  readonly scheme?: 'signature' | 'bearer'
  readonly advice?: CredentialAdvice
  /** Whether it can sign; one whose token has ended tries to get another. Always, when absent. */
  readonly isReady?: () => Promise<boolean>
}
