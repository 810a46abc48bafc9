import { OperationError } from '#protocol'
import type { Log } from '../log.ts'
import { toFailure } from './dispatch.ts'
import type { HttpApp } from './http.ts'
import type { ClientOf } from './proxies.ts'
import type { ServerParts } from './server.ts'

export interface FetchParts {
  http: HttpApp
  clientOf: ClientOf
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
  publicUrl,
  isFree,
  nextRequestId,
  log,
}: FetchParts): ServerParts['fetch'] {
  const httpsOnly = publicUrl.startsWith('https:')
  return async function fetch(request, address) {
    try {
      const client = clientOf(address, name => request.headers.get(name))
      if (httpsOnly && !client.secure && !isFree(new URL(request.url).pathname))
        return toHttps(request, publicUrl)
      return await http.fetch(request, client)
    } catch (error) {
      const requestId = nextRequestId()
      log.error({ request_id: requestId, error }, 'request failed')
      const failure = new OperationError('INTERNAL_ERROR', 'Something went wrong on our side.')
      return Response.json(toFailure(failure, requestId), { status: 500 })
    }
  }
}

/** What is read by an address is told the right one; what brought something along has already been read along, and is refused. */
function toHttps({ method, url }: Request, publicUrl: string): Response {
  const { pathname, search } = new URL(url)
  if (method === 'GET' || method === 'HEAD')
    return new Response(null, { status: 308, headers: { location: publicUrl + pathname + search } })
  const refusal = new OperationError('FORBIDDEN', 'Use https.')
  return Response.json(toFailure(refusal, ''), { status: 403 })
}
