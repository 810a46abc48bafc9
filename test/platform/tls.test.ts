import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
const made = spawnSync('openssl', [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
  ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ...['-keyout', keyFile, '-out', certFile],
])

describe.runIf(hasService('openssl', made.status === 0, 'install openssl'))('certificates from files', () => {
  let server: TestServer
  let url: string
  let ca: Buffer
  beforeAll(async () => {
    server = await startServer({ publicUrl: 'https://localhost', tls: { certFile, keyFile } })
    url = server.url.replace('http:', 'https:')
    ca = readFileSync(certFile)
  })

  test('serve pages and sockets encrypted, with HSTS', async () => {
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) =>
      get(`${url}/healthz`, { ca }, response => resolve(response.resume().headers)).on('error', reject),
    )
    expect(headers['strict-transport-security']).toContain('max-age=')
    const socket = io(`${url}/visitor`, { transports: ['websocket'], reconnection: false, ca } as object)
    const ready = await new Promise<any>((resolve, reject) => {
      socket.on('session:ready', resolve)
      socket.on('connect_error', reject)
    })
    expect(ready.session.role).toBe('visitor')
    socket.disconnect()
  })

  test('nothing answers in the clear', async () => {
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })
})
