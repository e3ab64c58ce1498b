/** The parts of an outgoing request that a credential signs. They must be sent unchanged. */
export interface SignableRequest {
  /** Upper case: GET, DELETE or POST. */
  method: string
  url: URL
  /** The bytes of the body, for POST. */
  body?: Uint8Array<ArrayBuffer> | undefined
  /** The length and the SHA-256, in base64, of a body that is not in memory. */
  content?: { length: number; sha256: string } | undefined
  /** Defaults to `application/json` for POST. */
  contentType?: string | undefined
  /** The SHA-256 of bytes as base64. Web Crypto's is used without it, and for large bodies. */
  sha256?: ((bytes: Uint8Array) => string) | undefined
  /** Encodes the text to sign as UTF-8. Default: `encodeUtf8()`. */
  encodeText?: ((text: string) => Uint8Array<ArrayBuffer>) | undefined
  /** The date to sign: milliseconds since the epoch, corrected by OCI's clock if they differ. */
  date: number
  /** Called when another thread has begun to sign. Not called where nothing is signed. */
  onBegin?: (() => void) | undefined
  /** Set after OCI rejected the previous token: the credential gets a new one before it signs. */
  renew?: boolean
}

/** What the operator can do when OCI rejects the credential, without a full stop at the end. */
export interface CredentialAdvice {
  /** For a 401. */
  refused: string
  /** The IAM policy statement that allows the credential to use the models. */
  policy: string
}

/**
 * Authenticates requests to OCI: takes the request to sign and returns the headers to add.
 * The factory of a credential validates its input and imports its key once.
 */
export interface Credential {
  (request: SignableRequest): Promise<Record<string, string>>
  /** Whether a second attempt with `renew` can succeed after OCI answers 401. */
  readonly renewable?: boolean
  /** Defaults to `signature`. Only OCI's OpenAI-compatible endpoint accepts `bearer`. */
  readonly scheme?: 'signature' | 'bearer'
  readonly advice?: CredentialAdvice
  /** Whether it can sign. If its token has expired, it tries to renew it. Absent: always ready. */
  readonly isReady?: () => Promise<boolean>
  /** When its token expires, in milliseconds since the epoch; `undefined` for one without an end. */
  readonly expiresAt?: () => number | undefined
}
