import { apiPath, originPath } from '#protocol/core/routes'
import { pause } from './backoff.ts'

/** Why a page has never got a connection: something that whoever made it has to mend. */
export const refusals = {
  ORIGIN_NOT_ALLOWED: (url: string) =>
    origin === 'null'
      ? 'A sandboxed frame has no origin that could be allowed: it needs allow-same-origin.'
      : `${url} does not let ${origin} in. Add it to ALLOWED_ORIGINS there.`,
  BLOCKED_BY_POLICY: (url: string) =>
    `The Content-Security-Policy blocks ${url}. Add to connect-src: ${url} ${url.replace('http', 'ws')}`,
  WEBSOCKET_BLOCKED: (url: string) =>
    `${url} answers, but no websocket reaches it: a proxy has to pass the upgrade on.`,
  SERVER_UNREACHABLE: (url: string) => `No Parley server answers at ${url}. Is \`url\` right?`,
}
export type Refusal = keyof typeof refusals

const probeTimeoutMs = 5000

/** Finds out by asking over HTTP, where a browser says more than of a socket. */
export function createRefusals(url: string): { find(): Promise<Refusal>; stop(): void } {
  const { host } = new URL(url)
  let isBlocked = false
  function onViolation({ blockedURI, disposition }: SecurityPolicyViolationEvent) {
    isBlocked ||= disposition === 'enforce' && blockedURI.includes(host)
  }
  document.addEventListener('securitypolicyviolation', onViolation)

  async function isAllowed(): Promise<unknown> {
    try {
      const signal = AbortSignal.timeout(probeTimeoutMs)
      const response = await fetch(url + apiPath + originPath, { signal })
      return (await response.json()).allowed
    } catch {
      return undefined
    }
  }

  return {
    async find() {
      const allowed = await isAllowed()
      // The browser tells of what it has blocked a moment later.
      await pause(0)
      if (isBlocked) return 'BLOCKED_BY_POLICY'
      if (allowed === false) return 'ORIGIN_NOT_ALLOWED'
      return allowed === true ? 'WEBSOCKET_BLOCKED' : 'SERVER_UNREACHABLE'
    },
    stop: () => document.removeEventListener('securitypolicyviolation', onViolation),
  }
}
