import type { Server } from 'socket.io'

/** Longest message a socket may send, in bytes. Voice chunks and texts are far below it. */
export const maxMessageBytes = 1_000_000
/** What may wait for a slow reader before its connection is closed (law D5), in bytes. Above the longest answer. */
export const maxBackpressureBytes = 4_000_000
/** Longest HTTP body: a file of 10 MB in its multipart wrapping. */
export const maxBodyBytes = 11_000_000

export interface ServerParts {
  io: Server
  /** Everything over HTTP. Never rejects. */
  fetch(request: Request, address: string): Promise<Response>
  /** Files with a certificate chain and its key, in PEM: then everything is encrypted. */
  tls: { certFile: string; keyFile: string } | null
}

/** A socket server with HTTP beside it on one port. */
export interface SocketServer {
  /** @returns the port, which is chosen by the system when 0 was asked for */
  listen(port: number, host: string): Promise<number>
  /** Nobody new comes in; what is open goes on. */
  stopListening(): void
  /** Lets requests end within 5 s, and closes what is open. */
  close(): Promise<void>
}

/** How long a stopping server lets requests end, and how often it looks. */
const requestMs = 5000
const lookMs = 20

/** Resolves when none is left, or when it takes too long. */
export async function letEnd(requests: ReadonlySet<unknown>): Promise<void> {
  const limit = performance.now() + requestMs
  while (requests.size > 0 && performance.now() < limit) {
    await new Promise(resolve => setTimeout(resolve, lookMs))
  }
}
