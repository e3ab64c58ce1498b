/** How a gateway listens, where this differs from its configuration. */
export interface ListenOptions {
  /** Default: that of the configuration. */
  port?: number
  /**
   * Whether this process is one of several on the same port, among which the kernel distributes the
   * connections. It ends when its parent closes the channel to it.
   */
  isWorker?: boolean
}
