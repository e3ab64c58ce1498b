import { type Bytes, concatBytes } from '../bytes.ts'
import { TAG } from '../der/read.ts'
import { writeDer } from '../der/write.ts'

/** Dotted name of plain RSA keys (RFC 8017, appendix A.1). */
export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

/** The AlgorithmIdentifier of plain RSA keys: the name above and a NULL. */
export const RSA_ALGORITHM: Bytes = writeDer(
  TAG.sequence,
  concatBytes(
    writeDer(TAG.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)),
    writeDer(TAG.null),
  ),
)
