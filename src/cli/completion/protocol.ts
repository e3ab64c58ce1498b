/** The hidden command that completion scripts call: `oci-gateway __complete -- serve --po`. */
export const COMPLETE = '__complete'

/** The flag that stands for an empty last word, which some shells cannot pass. */
export const NEXT_WORD = '--next'

/** The line that lets the shell complete the name of a file. */
export const FILE_MARK = ':file'
