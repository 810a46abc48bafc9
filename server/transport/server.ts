import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server } from 'socket.io'
import { listenStartError, StartError } from '#storage/engine/start-error'
import type { IncomingBody } from '../net/body.ts'
import type { CertificateFiles } from '../net/certificates.ts'
import type { OpenFiles } from '../net/open-files.ts'

/** Longest message a socket may send, in bytes, with all its attachments. Voice chunks and texts are far below it. */
export const maxMessageBytes = 524_288
/** What may wait for a slow reader before its connection is closed (law D5), in bytes. Above the longest answer. */
export const maxBackpressureBytes = 4_000_000

/** What a socket server answers by itself, before anything of ours sees the request. */
export interface Refusal {
  status: number
  code: string
  message: string
}

export const badPath: Refusal = {
  status: 400,
  code: 'VALIDATION_ERROR',
  message:
    'The path is not in its normal form: no empty, dot or encoded segments, no trailing slash, no backslash or semicolon, and no other host.',
}

/** Methods are case-sensitive (RFC 9110, 9.1): a rule for GET is not passed by `get`. */
export const isMethod = /^[A-Z]+$/

export interface ServerParts {
  io: Server
  /** Everything over HTTP; the body beside the request, as it is read by the route alone. Never rejects. */
  fetch(request: Request, address: string, body: IncomingBody | null): Promise<Response>
  /** Told of every connection; one that must not be kept is closed at once. */
  openFiles?: Pick<OpenFiles, 'opened' | 'closed'>
  /** Files with a certificate chain and its key, in PEM: then everything is encrypted. */
  tls: CertificateFiles | null
  /** Path of the public address, without a slash at its end: requests come with it or, where a proxy strips it, without. */
  basePath: string
}

/** A socket server with HTTP beside it on one port. */
export interface SocketServer {
  /** @returns the port, which is chosen by the system when 0 was asked for */
  listen(port: number, host: string): Promise<number>
  /** From here on with what is in the files now. @throws when they are not fit: nothing has changed then */
  renewCertificate(): void
  /** Nobody new comes in; what is open goes on. */
  stopListening(): void
  /** Lets requests end within 5 s, and closes what is open. */
  close(): Promise<void>
}

/** uWebSockets.js only says that it could not. */
export async function whyNotListening(port: number, host: string): Promise<Error> {
  const attempt = createServer().listen(port, host)
  try {
    await once(attempt, 'listening')
    attempt.close()
    return new StartError(
      `Port ${port} on ${host} could not be opened: try again, or set PORT to another number.`,
    )
  } catch (error) {
    return listenStartError(error, host, port)
  }
}

/** How long a stopping server lets requests end, and how often it looks. */
const requestMs = 5000
const requestPollMs = 20

/** Resolves when none is left, or when it takes too long. */
export async function waitForRequests(requests: ReadonlySet<unknown>): Promise<void> {
  const limit = performance.now() + requestMs
  while (requests.size > 0 && performance.now() < limit) {
    await new Promise(resolve => setTimeout(resolve, requestPollMs))
  }
}
