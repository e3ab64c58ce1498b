import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { AuditRow, Change } from './records.ts'

/** The previous hash of the first row. */
export const AUDIT_START = '0'.repeat(64)

/** Creates the audit row that follows `previous`. */
export function nextAuditRow(
  previous: Pick<AuditRow, 'sequence' | 'hash'> | undefined,
  change: Change,
): AuditRow {
  const { sequence, hash: previousHash } = previous ?? { sequence: 0, hash: AUDIT_START }
  const { time, actor, action, target, detail } = change
  return {
    ...{ time, actor, action, target, detail },
    sequence: sequence + 1,
    previousHash,
    hash: auditHash(previousHash, change),
  }
}

/** SHA-256 over the JSON array of the previous hash and the members of the change, in this order. */
export function auditHash(
  previousHash: string,
  { time, actor, action, target, detail }: Change,
): string {
  const text = JSON.stringify([previousHash, time, actor, action, target, detail])
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** The sequence number of the first row that was changed, or that follows a deleted row. */
export function findBrokenRow(rows: readonly AuditRow[]): number | undefined {
  return rows.find((row, index) => {
    const previousHash = index === 0 ? row.previousHash : rows[index - 1]?.hash
    return row.previousHash !== previousHash || row.hash !== auditHash(row.previousHash, row) ||
      (row.sequence === 1 && row.previousHash !== AUDIT_START)
  })?.sequence
}
