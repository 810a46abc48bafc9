import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import { json } from 'node:stream/consumers'
import { isValiError } from 'valibot'
import { StartError } from '#storage/engine/start-error'

/** What a command asks of the server that holds the embedded database; a thrown StartError is its sentence. */
export interface ChannelHandlers {
  /** Nothing is written while `work` runs, and what is written lies in the folder. */
  pause(work: () => Promise<void>, deadlineMs: number): Promise<void>
  setAdministrator(input: unknown): Promise<unknown>
}

export interface Channel {
  close(): Promise<void>
}

/** Longer than anybody is let wait, whatever the command wants. */
const pauseMaxMs = 4000
const answerMs = 30_000

/**
 * The way by which commands reach a server that runs on the embedded database: a Unix socket in its data folder, which
 * the operating system opens to the server's own user only. Whoever holds the folder's lock may make it anew.
 */
export async function openChannel(folder: string, handlers: ChannelHandlers): Promise<Channel> {
  const path = socketPath(folder)
  await rm(path, { force: true })
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, handlers).catch(error => refuse(outgoing, error))
  })
  server.listen(path)
  await once(server, 'listening')
  await chmod(path, 0o600)
  server.unref()
  return {
    async close() {
      server.close()
      server.closeAllConnections()
      await rm(path, { force: true })
    },
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handlers: ChannelHandlers,
): Promise<void> {
  if (incoming.method !== 'POST') return void outgoing.writeHead(405).end()
  if (incoming.url === '/administrator') {
    const result = await handlers.setAdministrator(await json(incoming))
    outgoing.end(JSON.stringify(result))
  } else if (incoming.url?.startsWith('/pause/')) {
    const limitMs = Math.min(pauseMaxMs, Number(incoming.url.slice('/pause/'.length)) || 0)
    await handlers.pause(() => pauseUntilRelease(incoming, outgoing, limitMs), 2 * pauseMaxMs)
    outgoing.end()
  } else outgoing.writeHead(404).end()
}

/** Until the command ends its request or is gone, or has taken too long: then it hears nothing of an end. */
async function pauseUntilRelease(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  limitMs: number,
): Promise<void> {
  outgoing.write('paused\n')
  incoming.resume()
  const limit = AbortSignal.timeout(limitMs)
  await once(incoming, 'end', { signal: limit }).then(
    () => outgoing.write('whole\n'),
    () => outgoing.destroy(),
  )
}

function refuse(outgoing: ServerResponse, error: Error): void {
  if (outgoing.headersSent) return void outgoing.destroy()
  const isPlain = error instanceof StartError || isValiError(error)
  const message = isPlain ? `${error.message}` : 'The server could not do it.'
  outgoing.writeHead(500).end(JSON.stringify({ message }))
}

/** @throws StartError with the server's sentence */
export async function askServer<T>(folder: string, path: string, input: unknown): Promise<T> {
  const { outgoing, incoming } = call(folder, path)
  outgoing.end(JSON.stringify(input))
  const response = await incoming
  const body = (await json(response)) as T & { message?: string }
  if (response.statusCode !== 200) throw new StartError(body.message ?? 'The server refused.')
  return body
}

/** @returns whether `work` was done within `limitMs`, so that nothing was written from its beginning to its end */
export async function withPaused(
  folder: string,
  limitMs: number,
  work: () => Promise<void>,
): Promise<boolean> {
  const { outgoing, incoming } = call(folder, `/pause/${limitMs}`)
  // Its head and no body: the server waits for the end of it.
  outgoing.flushHeaders()
  const response = await incoming
  const reached = response[Symbol.asyncIterator]()
  try {
    const first = await reached.next()
    if (first.done || !String(first.value).startsWith('paused')) return false
    await work()
    outgoing.end()
    const second = await reached.next()
    return !second.done && String(second.value).startsWith('whole')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return false
    throw error
  } finally {
    outgoing.destroy()
  }
}

function call(folder: string, path: string) {
  const outgoing = request({ socketPath: socketPath(folder), path, method: 'POST', timeout: answerMs })
  const incoming = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('timeout', () => outgoing.destroy(new StartError('The server does not answer.')))
    outgoing.once('error', (error: NodeJS.ErrnoException) => reject(notReached(folder, error)))
  })
  return { outgoing, incoming }
}

function notReached(folder: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new StartError(`The server on ${folder} runs as another user: run the command as that user.`)
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')
    return new StartError(`A server is just starting or stopping on ${folder}: try again in a moment.`)
  return error
}

function socketPath(folder: string): string {
  return relative(process.cwd(), join(folder, 'operator.sock'))
}
