import { ModelError } from '../model.ts'

export interface CallTimings {
  /** A host that has sent nothing after this counts as down, in milliseconds. */
  firstMs: number
  /** The longest silence between two pieces, in milliseconds; time in which nobody reads is none. */
  silenceMs: number
}

export interface CallTimer {
  /** Aborted when the caller's is, or the host is too slow. */
  signal: AbortSignal
  /** The host is waited for from now on. */
  wait(): void
  /** It has sent something: nothing is waited for. */
  received(): void
  stop(): void
}

/** A call's own clock: what the package has ends with the headers. */
export function startCallTimer(signal: AbortSignal, { firstMs, silenceMs }: CallTimings): CallTimer {
  const controller = new AbortController()
  const forward = () => controller.abort(signal.reason)
  if (signal.aborted) forward()
  signal.addEventListener('abort', forward)
  const expire = () => controller.abort(new ModelError('The speech host did not answer in time.'))
  let timer: NodeJS.Timeout | undefined
  let hasBegun = false
  return {
    signal: controller.signal,
    wait() {
      clearTimeout(timer)
      timer = setTimeout(expire, hasBegun ? silenceMs : firstMs)
    },
    received() {
      hasBegun = true
      clearTimeout(timer)
    },
    stop() {
      clearTimeout(timer)
      signal.removeEventListener('abort', forward)
    },
  }
}
