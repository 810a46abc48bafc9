import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, isIP, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Tls } from './database-url.ts'

/** A statement that says nothing for this long is on a dead connection, in milliseconds. */
const silenceMs = 8000
/** What follows from a rejected statement is written within this, in milliseconds. */
const farewellMs = 5

export interface Address {
  host: string[]
  port: number[]
  /** A Unix socket instead. */
  path?: string | false
}

/** What a client says before anything else to have the rest encrypted. */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const tlsAgreed = 0x53

/** Opens the driver's sockets, encrypted where `tls` says so, within `limitMs`. */
export function connectWith(
  tls: Tls | null,
  limitMs: number,
): (address: Address) => Socket | Promise<Socket> {
  return tls === null
    ? address => cured(open(address))
    : // A place in the pool whose socket is refused to the driver would be lost: it is given one that fails.
      address => encrypted(address, tls, limitMs).then(cured, error => cured(failing(error)))
}

function open({ host, port, path }: Address): Socket {
  return path ? connect({ path }) : connect({ host: host[0]!, port: port[0]!, noDelay: true })
}

function failing(error: Error): Socket {
  const socket = new Socket()
  setImmediate(() => socket.destroy(error))
  return socket
}

/** The driver's own way to TLS leaves `cured` behind. */
async function encrypted(address: Address, tls: Tls, limitMs: number): Promise<Socket> {
  const socket = open(address)
  const limit = { signal: AbortSignal.timeout(limitMs) }
  try {
    await once(socket, 'connect', limit)
    socket.write(tlsRequest)
    const [answer] = (await once(socket, 'data', limit)) as [Buffer]
    // More than the one byte would be somebody else's words before the encryption begins.
    if (answer[0] !== tlsAgreed || answer.length > 1) {
      if (tls.mode === 'prefer' && answer.length === 1) return socket
      throw failure('TLS_REFUSED', 'The database does not speak TLS.')
    }
    const secured = connectTls({ socket, ...tlsOptions(tls, address.host[0]!) })
    await once(secured, 'secureConnect', limit).catch(error => {
      throw isTimeout(error) ? error : failure('TLS_FAILED', 'TLS failed.', error)
    })
    return secured
  } catch (error) {
    socket.destroy()
    throw isTimeout(error) ? silent() : error
  }
}

function tlsOptions({ mode, ca, cert, key }: Tls, host: string) {
  const read = (path: string | null) => (path === null ? undefined : readFileSync(path))
  return {
    servername: isIP(host) ? undefined : host,
    host,
    ca: read(ca),
    cert: read(cert),
    key: read(key),
    rejectUnauthorized: mode.startsWith('verify'),
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  }
}

function isTimeout(error: unknown): boolean {
  return (error as Error).name === 'AbortError'
}

function failure(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code })
}

/**
 * The driver's socket, with two cures. It forgets its socket at 'close', in the same turn in which it rejects what was under
 * way: the rollback that follows is written to nothing, which throws where nobody can catch it, or leaves a connection that
 * never sends again (porsager/postgres #1154, #1208, #1214). So errors come first and 'close' a moment later. And it has no limit for an answer:
 * connections that died in silence would stay in the pool for ever.
 */
function cured(socket: Socket): Socket {
  const emit = socket.emit.bind(socket)
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  let timer: NodeJS.Timeout | undefined
  const answered = () => {
    clearTimeout(timer)
    timer = undefined
  }
  // Writing more does not give it more time.
  const expect = () => {
    timer ??= setTimeout(() => socket.destroy(silent()), silenceMs).unref()
  }
  socket.write = (...args: unknown[]) => {
    if (!socket.destroyed) expect()
    return write(...args)
  }
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event === 'close') {
      answered()
      // First what is under way is rejected, then the rollbacks that follow from it, then the driver may forget the socket.
      emit('error', closed())
      setTimeout(() => {
        emit('error', closed())
        setTimeout(emit, farewellMs, 'close', false)
      }, farewellMs)
      return true
    }
    if (event === 'data') {
      const bytes = args[0] as Buffer
      answered()
      if (!isIdle(bytes)) expect()
    }
    return emit(event, ...args)
  }
  return socket
}

/** Ends with ReadyForQuery, outside a transaction. */
function isIdle(bytes: Buffer): boolean {
  const at = bytes.length - 6
  return at >= 0 && bytes[at] === 0x5a && bytes.readUInt32BE(at + 1) === 5 && bytes[at + 5] === 0x49
}

function closed(): Error {
  return Object.assign(new Error('The connection to the database was closed.'), { code: 'ECONNRESET' })
}

function silent(): Error {
  return Object.assign(new Error('The database does not answer on this connection.'), { code: 'ETIMEDOUT' })
}
