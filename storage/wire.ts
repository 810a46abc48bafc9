import { connect, type Socket } from 'node:net'

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

/**
 * The driver's socket, with two cures. It forgets its socket at 'close', in the same turn in which it rejects what was under
 * way: the rollback that follows is written to nothing, which throws where nobody can catch it, or leaves a connection that
 * never sends again (porsager/postgres #1154, #1208, #1214). So errors come first and 'close' a moment later. And it has no limit for an answer:
 * connections that died in silence would stay in the pool for ever. Where the two agree on TLS the driver goes on with a
 * socket of its own, without these.
 */
export function dial({ host, port, path }: Address): Socket {
  const socket = path ? connect({ path }) : connect({ host: host[0]!, port: port[0]!, noDelay: true })
  const emit = socket.emit.bind(socket)
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
  let timer: NodeJS.Timeout | undefined
  const answered = () => {
    clearTimeout(timer)
    timer = undefined
  }
  // Writing more does not give it more time.
  const expect = () => {
    timer ??= setTimeout(() => socket.destroy(silent()), silenceMs).unref()
  }
  socket.write = (...given: unknown[]) => {
    if (!socket.destroyed) expect()
    return write(...given)
  }
  socket.emit = (event: string | symbol, ...given: unknown[]) => {
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
      const bytes = given[0] as Buffer
      answered()
      if (isTlsAgreed(bytes)) Object.assign(socket, { emit, write })
      else if (!isIdle(bytes)) expect()
    }
    return emit(event, ...given)
  }
  return socket
}

/** The answer to a request for TLS: one letter, which begins no message by itself. */
function isTlsAgreed(bytes: Buffer): boolean {
  return bytes.length === 1 && bytes[0] === 0x53
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
