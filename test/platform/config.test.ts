import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StartError } from '#storage/engine/start-error'
import { readConfig } from '../../server/config/config.ts'

describe('the configuration', () => {
  test('needs nothing', () => {
    expect(readConfig({}, [])).toMatchObject({
      port: 8080,
      publicUrl: 'http://localhost:8080',
      databaseUrl: null,
      llm: { provider: 'builtin' },
      socketServer: 'uws',
    })
  })

  test('takes the model that a key or a host names', () => {
    expect(readConfig({ OPENAI_API_KEY: 'k' }, []).llm.provider).toBe('openai')
    expect(readConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1/' }, []).llm).toMatchObject({
      provider: 'openai',
      openaiUrl: 'http://127.0.0.1:9/v1',
    })
    expect(readConfig({ OLLAMA_HOST: '127.0.0.1:11434' }, []).llm).toMatchObject({
      provider: 'ollama',
      ollamaHost: 'http://127.0.0.1:11434',
    })
    expect(readConfig({ OPENAI_API_KEY: 'k', LLM_PROVIDER: 'builtin' }, []).llm.provider).toBe('builtin')
  })

  test('reads the networks of balancers', () => {
    const { trustedProxies } = readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7,fd00::/8, ::1' }, [])
    expect(trustedProxies).toEqual(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '::1'])
  })

  test('reads secrets from files, and flags before the environment', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'parley-config-')), 'key')
    writeFileSync(path, 'from a file\n')
    expect(readConfig({ OPENAI_API_KEY_FILE: path }, []).llm.openaiKey).toBe('from a file')
    const flags = ['--catalogue', 'mine.json', '--documents', './docs']
    expect(readConfig({ CATALOGUE_FILE: 'other.json' }, flags)).toMatchObject({
      catalogueFile: 'mine.json',
      documentsDir: './docs',
    })
  })

  const wrong: [Record<string, string>, string][] = [
    [{ PORT: 'eighty' }, "PORT is 'eighty'"],
    [{ PORT: '70000' }, 'from 0 to 65535'],
    [{ LLM_PROVIDER: 'gpt' }, 'builtin, openai, ollama'],
    [{ SOCKET_SERVER: 'deno' }, 'uws, node'],
    [{ LOG_LEVEL: 'loud' }, 'info'],
    [{ OPENAI_BASE_URL: 'ftp://x' }, 'OPENAI_BASE_URL'],
    [{ ALLOWED_ORIGINS: 'https://shop.example/path' }, 'exact origins'],
    [{ SECRET_KEY: 'short' }, 'at least 32 characters'],
    [{ SECRET_KEY_PREVIOUS: `${'x'.repeat(40)},short` }, 'SECRET_KEY_PREVIOUS'],
    [{ PUBLIC_URL: 'http://chat.shop.example' }, 'https:// for an address on the internet'],
    [{ PUBLIC_URL: 'http://198.41.0.4' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'ws://localhost' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://shop.example/support?x=1' }, 'like https://shop.example/support'],
    [{ PUBLIC_URL: 'https://shop.example/%63hat' }, 'like https://shop.example/support'],
    [{ PUBLIC_URL: 'https://shop.example/api' }, 'begins with none of'],
    [{ SMTP_URL: 'http://mail' }, 'smtp:// or smtps://'],
    [{ TLS_CERT_FILE: '/nowhere/cert.pem' }, 'TLS_KEY_FILE'],
    [{ TLS_CERT_FILE: '/nowhere/cert.pem', TLS_KEY_FILE: '/nowhere/key.pem' }, 'cannot be read'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES'],
    [{ TRUSTED_PROXIES: 'proxy.local' }, 'networks like 10.0.0.0/8'],
    [{ OUTGOING_ALLOWED: '10.0.0.1:11434' }, 'OUTGOING_ALLOWED'],
    [{ OPENAI_API_KEY_FILE: '/nowhere/key' }, 'OPENAI_API_KEY_FILE cannot be read'],
  ]
  test.each(wrong)('%o is refused in one sentence', (environment, sentence) => {
    expect(() => readConfig(environment, [])).toThrow(StartError)
    expect(() => readConfig(environment, [])).toThrow(sentence)
  })

  test.each([
    'http://localhost:8080',
    'http://192.168.1.5',
    'http://[::1]',
    'http://parley',
    'https://chat.shop.example',
  ])('PUBLIC_URL %s is fine', url => {
    expect(readConfig({ PUBLIC_URL: url }, []).publicUrl).toBe(url)
  })

  test.each([
    ['https://shop.example/help/chat/', '/help/chat'],
    ['https://shop.example/', ''],
    ['https://shop.example', ''],
  ])('G2: the path of PUBLIC_URL %s is %j', (PUBLIC_URL, basePath) => {
    expect(readConfig({ PUBLIC_URL }, []).basePath).toBe(basePath)
  })

  test('never repeats a secret in its refusal', () => {
    const attempt = () => readConfig({ DATABASE_URL: 'mysql://me:hunter2@db' }, [])
    expect(attempt).toThrow('DATABASE_URL')
    expect(attempt).not.toThrow(/hunter2/)
    expect(() => readConfig({}, ['--nonsense'])).toThrow('--catalogue')
  })
})
