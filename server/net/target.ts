/** @returns the path below the server's own base; null where it is not written in its normal form */
export type ReadPath = (path: string) => string | null

/** Segments of characters that need no encoding, or are encoded; none is empty, none is `.` or `..`. */
const segments = /^(?:\/(?!\.{1,2}(?:\/|$))(?:[\w.~!$&'()*+,=:@-]|%[\dA-Fa-f]{2})+)*\/?$/
/** Encoded although it need not be, or must not be: letters, digits, `-._~`, `/`, `\`, `;`, control characters, a second encoding. */
const disguises = /%(?:[01][\dA-F]|2[DEF]|3[\dB]|4[1-9A-F]|5[\dACF]|6[1-9A-F]|7[\dAEF]|25[\dA-F]{2})/i

/**
 * One path is written in one way only: what a balancer's rule reads is then what is served.
 * @param basePath below which the server is reached (`/chat`), empty for the root; a proxy may strip it or not
 */
export function createReadPath(basePath: string): ReadPath {
  const slashed = new Set(
    ['', basePath].flatMap(base => ['/', '/socket.io/', '/console/', '/docs/'].map(path => base + path)),
  )

  function isNormal(path: string): boolean {
    if (path === '' || !segments.test(path) || disguises.test(path)) return false
    return !path.endsWith('/') || slashed.has(path)
  }

  return path => {
    if (!isNormal(path) || !isDecodable(path)) return null
    if (basePath === '') return path
    if (path === basePath) return '/'
    return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
  }
}

function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
