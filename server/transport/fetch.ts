import { codes, OperationError } from '#protocol'
import { networkOf } from '../net/address.ts'
import type { BodyBudget } from '../net/body-budget.ts'
import type { OpenFiles } from '../net/open-files.ts'
import type { Log } from '../observability/log.ts'
import { rateLimited, serverFull, toFailure } from './dispatch.ts'
import type { HttpApp } from './http.ts'
import type { Limits } from './limits.ts'
import type { ClientOf } from './proxies.ts'
import type { ServerParts } from './server.ts'

export interface FetchParts {
  http: HttpApp
  clientOf: ClientOf
  limits: Limits
  openFiles: OpenFiles
  /** Paths that are answered when newcomers are not: of staff and probes. */
  isReserved(path: string): boolean
  /** What bodies of a network are charged to. */
  openAccount: BodyBudget['open']
  /** With an https one, plain requests are redirected or refused. */
  publicUrl: string
  /** Paths that are answered over plain HTTP all the same. */
  isFree(path: string): boolean
  nextRequestId(): string
  log: Log
}

/** What both socket servers hand HTTP requests to: it never rejects. */
export function createFetch({
  http,
  clientOf,
  limits,
  openFiles,
  isReserved,
  openAccount,
  publicUrl,
  isFree,
  nextRequestId,
  log,
}: FetchParts): ServerParts['fetch'] {
  const httpsOnly = publicUrl.startsWith('https:')

  /** Why nobody looks what the request is: probes are always heard. */
  function problemOf({ headers }: Request, pathname: string, network: string): OperationError | null {
    if (isFree(pathname)) return null
    const waitMs = limits.consume('network', network)
    if (waitMs > 0) return rateLimited(waitMs)
    const isNewcomer = !isReserved(pathname) && !headers.has('authorization')
    const fullMs = isNewcomer ? openFiles.refuseNewcomer() : 0
    return fullMs > 0 ? serverFull(fullMs) : null
  }

  return async function fetch(request, address, body) {
    try {
      const client = clientOf(address, name => request.headers.get(name))
      const network = networkOf(client.address)
      body?.chargeTo(openAccount(network))
      const { pathname } = new URL(request.url)
      const problem = problemOf(request, pathname, network)
      if (problem === null && httpsOnly && !client.secure && !isFree(pathname))
        return toHttps(request, publicUrl)
      const response = problem ? refuse(problem) : await http.fetch(request, { ...client, network, body })
      // What is kept alive would keep somebody out.
      if (openFiles.isShort) response.headers.set('connection', 'close')
      return response
    } catch (error) {
      const requestId = nextRequestId()
      log.error({ request_id: requestId, error }, 'request failed')
      const failure = new OperationError('INTERNAL_ERROR', 'Something went wrong on our side.')
      return Response.json(toFailure(failure, requestId), { status: 500 })
    }
  }
}

function refuse(error: OperationError): Response {
  const { retry_after_ms } = error.details as { retry_after_ms: number }
  const headers = { 'retry-after': String(Math.ceil(retry_after_ms / 1000)) }
  return Response.json(toFailure(error, ''), { status: codes[error.code].status, headers })
}

/** What is read by an address is told the right one; what brought something along has already been read along, and is refused. */
function toHttps({ method, url }: Request, publicUrl: string): Response {
  const { pathname, search } = new URL(url)
  if (method === 'GET' || method === 'HEAD')
    return new Response(null, { status: 308, headers: { location: publicUrl + pathname + search } })
  const refusal = new OperationError('FORBIDDEN', 'Use https.')
  return Response.json(toFailure(refusal, ''), { status: 403 })
}
