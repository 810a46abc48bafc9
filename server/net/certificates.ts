import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { StartError } from '#storage/engine/start-error'
import type { Log } from '../observability/log.ts'

/** Files with a certificate chain and its key, in PEM. */
export interface CertificateFiles {
  certFile: string
  keyFile: string
}

export interface CertificateParts {
  files: CertificateFiles
  /** What is in the files now is served from here on. @throws when the socket server cannot use it */
  renew(): void
  log: Log
  /** Between two looks at the files. */
  pollMs?: number
}

/** Links into folders that are exchanged, as certbot and Kubernetes have them, are seen by reading only. */
const defaultPollMs = 20_000

/**
 * Serves what is renewed in the files; a pair that does not fit leaves the one before in place.
 * @throws StartError when the first pair is not fit
 */
export async function watchCertificate({ files, renew, log, pollMs = defaultPollMs }: CertificateParts) {
  const first = await readPair(files)
  if ('problem' in first)
    throw new StartError(`TLS_CERT_FILE and TLS_KEY_FILE cannot be used: ${first.problem}.`)
  let seen = first.print
  let { expiresAt } = first
  let reloading = Promise.resolve()
  const timer = setInterval(() => void reload(), pollMs)

  async function reloadOnce(): Promise<void> {
    const pair = await readPair(files)
    if (pair.print === seen) return
    seen = pair.print
    const problem = 'problem' in pair ? pair.problem : tryTo(renew)
    if (problem !== null || 'problem' in pair) {
      log.warn({ problem }, 'the renewed certificate cannot be used: the one before is served on')
      return
    }
    expiresAt = pair.expiresAt
    log.info({ expires_at: new Date(expiresAt).toISOString() }, 'a renewed certificate is served')
  }

  /** One after the other: what was exchanged during a look is seen by the next. */
  function reload(): Promise<void> {
    reloading = reloading.then(reloadOnce)
    return reloading
  }

  return {
    /** Looks at once, as a SIGHUP asks for. */
    reload,
    /** When the one that is served ends, in milliseconds since the epoch. */
    expiresAt: () => expiresAt,
    close: () => clearInterval(timer),
  }
}

type Pair = { print: string; expiresAt: number } | { print: string; problem: string }

async function readPair({ certFile, keyFile }: CertificateFiles): Promise<Pair> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)])
    const print = createHash('sha256').update(cert).update('\0').update(key).digest('hex')
    const problem = tryTo(() => createSecureContext({ cert, key }))
    if (problem !== null) return { print, problem }
    return { print, expiresAt: Date.parse(new X509Certificate(cert).validTo) }
  } catch (error) {
    const problem = (error as Error).message
    return { print: problem, problem }
  }
}

/** @returns what is wrong */
function tryTo(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return (error as Error).message
  }
}
