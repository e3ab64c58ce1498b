/**
 * Milliseconds within which everything happens that happens at all, even on a busy machine: an
 * upper bound that only a gateway that waits for the wrong event, or endlessly, exceeds.
 */
export const EVENTUALLY = 60_000

/** Milliseconds that a client waits for an answer, unless its row has more. */
export const PATIENCE = 120_000
