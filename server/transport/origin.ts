import { allowedOrigins, type Config } from '../config/config.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'

export interface OriginGate {
  /**
   * Whether a page of `origin` may open a socket and read answers (law S1). Synchronous on purpose: it runs before the upgrade.
   * No Origin is not a browser; `null` (sandboxed frames, files) is refused like any origin not named.
   * The server's own address is the one the browser says it connects to (`host`) or the configured one.
   */
  allows(origin: string | undefined, host: string | undefined): boolean
  /** As `allows`, for a page that wants to open the chat: a refusal is counted, and logged once for each origin. */
  admits(origin: string | undefined, host: string | undefined): boolean
}

/** Whoever invents origins fills the log with no more lines than these. */
const loggedMax = 100

export function createOriginGate(
  config: Pick<Config, 'allowedOrigins' | 'publicUrl'>,
  { log, metrics }: { log: Log; metrics: Metrics },
): OriginGate {
  const allowed = allowedOrigins(config)
  const logged = new Set<string>()

  function allows(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true
    if (allowed.has(origin)) return true
    return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
  }

  function logOnce(origin: string): void {
    if (logged.has(origin) || logged.size >= loggedMax || !isOrigin(origin)) return
    logged.add(origin)
    const line = `ALLOWED_ORIGINS=${[...config.allowedOrigins, origin].join(',')}`
    log.warn({ origin }, `a page of ${origin} may not open the chat; to let it: ${line}`)
  }

  return {
    allows,
    admits(origin, host) {
      if (allows(origin, host)) return true
      metrics.refusedConnections.inc({ code: 'ORIGIN' })
      logOnce(origin!)
      return false
    },
  }
}

/** As a browser writes it; `null` cannot be allowed. */
function isOrigin(text: string): boolean {
  return URL.parse(text)?.origin === text
}
