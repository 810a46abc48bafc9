import type { Attachment } from '#protocol'
import { uploadRoutes } from '#protocol/core/routes'
import { backoff } from '../sdk/backoff.ts'
import type { Client } from '../sdk/client.ts'
import { ParleyError, unwrap } from '../sdk/error.ts'
import { fillRoute } from '../sdk/route.ts'
import type { Access } from '../sdk/types.ts'

/** How often a file whose way broke off is sent again. */
const attemptsMax = 5

/**
 * What the server has made of a file: sent as soon as there is a connection, and anew where the way broke off. Aborted by `signal`.
 * @param onProgress 0..1 of it is there
 * @throws ParleyError
 */
export async function upload(
  client: Pick<Client, 'access' | 'state' | 'online'>,
  file: File,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<Attachment> {
  for (let attempt = 0; attempt <= attemptsMax; attempt++) {
    await client.online(signal)
    if (signal.aborted) break
    const most = client.state.session?.features.upload?.max_bytes
    if (most && file.size > most) throw new ParleyError('PAYLOAD_TOO_LARGE', 'The file is too large.')
    const response = await post(client.access, file, signal, onProgress)
    if (response !== null) return unwrap<{ attachment: Attachment }>(JSON.parse(response)).attachment
    await new Promise(resolve => setTimeout(resolve, backoff(attempt)))
  }
  throw new ParleyError(signal.aborted ? 'ABORTED' : 'DISCONNECTED', 'The file was not sent.')
}

/** The body of the answer; null where the way broke off. `fetch` would not say how far it is. */
function post(
  { url, token }: Access,
  file: File,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<string | null> {
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    const { method, path } = fillRoute(uploadRoutes['upload:create'], {})
    request.open(method, url + path)
    const current = token()
    if (current) request.setRequestHeader('authorization', `Bearer ${current}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
    request.onerror = () => resolve(null)
    request.onload = () => resolve(request.responseText)
    signal.addEventListener('abort', () => request.abort())
    const body = new FormData()
    body.append('file', file)
    request.send(body)
  })
}
