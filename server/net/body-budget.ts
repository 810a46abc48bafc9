import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { OperationError } from '#protocol'

/** Bodies up to this size always find room where larger ones have taken their share. */
export const smallBodyBytes = 65_536
const largeShare = 0.75
const retryMs = 1000
const memoryShare = 1 / 8
const minBytes = 24_000_000
const maxBytes = 256_000_000

/** What all bodies together may hold on this node, in bytes: a part of the memory it may have. */
export function bodyBudgetBytes(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const share = Math.min(memory, getHeapStatistics().heap_size_limit) * memoryShare
  return Math.round(Math.min(maxBytes, Math.max(minBytes, share)))
}

/** What one body takes of the budget. */
export interface BodyAccount {
  /** What arrived, held or not, counts against the network's bytes. @returns why no more is taken */
  count(bytes: number): OperationError | undefined
  /** @returns why there is no room */
  reserve(bytes: number): OperationError | undefined
  release(): void
}

export interface BodyBudgetParts {
  totalBytes: number
  /** Milliseconds after which a network may send so many bytes more; 0 is now. */
  wait(network: string, bytes: number): number
}

export type BodyBudget = ReturnType<typeof createBodyBudget>

/** Bytes of bodies that are being read or worked on: many connections hold no more than a few. */
export function createBodyBudget({ totalBytes, wait }: BodyBudgetParts) {
  const networkBytes = totalBytes / 2
  const reserved = new Map<string, number>()
  let total = 0

  function open(network: string): BodyAccount {
    let own = 0

    return {
      count(bytes) {
        const retry_after_ms = wait(network, bytes)
        if (retry_after_ms > 0) return limited('Too many bytes; try again a little later.', retry_after_ms)
      },

      reserve(bytes) {
        const share = own + bytes > smallBodyBytes ? largeShare : 1
        const ofNetwork = reserved.get(network) ?? 0
        if (ofNetwork + bytes > networkBytes * share)
          return limited('Too much is being sent at once; try again in a moment.', retryMs)
        if (total + bytes > totalBytes * share) return busy()
        own += bytes
        total += bytes
        reserved.set(network, ofNetwork + bytes)
      },

      release() {
        const left = (reserved.get(network) ?? 0) - own
        if (left > 0) reserved.set(network, left)
        else reserved.delete(network)
        total -= own
        own = 0
      },
    }
  }

  return {
    open,
    get reservedBytes() {
      return total
    },
  }
}

function limited(message: string, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', message, { retry_after_ms })
}

function busy(): OperationError {
  return new OperationError('SERVICE_UNAVAILABLE', 'The server is busy; try again in a moment.', {
    retry_after_ms: retryMs,
  })
}
