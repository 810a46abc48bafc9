/**
 * Whether a page of `origin` may open a socket (law S1). Synchronous on purpose: it runs before the upgrade.
 * No Origin is not a browser; `null` (sandboxed frames, files) is refused like any origin not named.
 * The server's own address is the one the browser says it connects to (`host`) or the configured one.
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: ReadonlySet<string>,
): boolean {
  if (origin === undefined) return true
  if (allowed.has(origin)) return true
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}
