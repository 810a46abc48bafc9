import { createPrivateKey, X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { UploadQuotas } from '#storage/chat/upload'
import { readDatabaseUrl } from '#storage/engine/database-url'
import { StartError } from '#storage/engine/start-error'
import { isPublic } from '../net/egress.ts'

export interface Config {
  port: number
  host: string
  /** Where browsers reach this server; `http://localhost:PORT` when not given. */
  publicUrl: string
  /** The path of `publicUrl` (`/chat`), empty for the root. */
  basePath: string
  /** Where /metrics is asked for alone, with the probes; none: on `port`. */
  metricsPort: number | null
  /** Files with a certificate chain and its key, in PEM: the server speaks TLS itself. */
  tls: { certFile: string; keyFile: string } | null
  /** Addresses and networks of proxies that are believed when they name the caller's address and scheme. */
  trustedProxies: string[]
  /** Exact origins whose pages may open a socket, besides the server's own. */
  allowedOrigins: string[]
  dataDir: string
  databaseUrl: string | null
  redisUrl: string | null
  secretKey: string | null
  /** Secrets of before: what they signed and sealed still holds, and nothing new is made with them. */
  previousSecretKeys: string[]
  adminEmail: string | null
  adminPassword: string | null
  /** Carries a password. None: mail is kept in the outbox. */
  smtpUrl: string | null
  mailFrom: string
  llm: {
    provider: 'builtin' | 'openai' | 'ollama'
    model: string | null
    embeddingModel: string | null
    openaiKey: string | null
    openaiUrl: string | null
    ollamaHost: string | null
  }
  /** Models of the same host as `openai`'s; null where there is none. */
  speech: {
    sttModel: string | null
    /** Whether it understands while it is spoken, over the host's realtime socket. */
    isSttLive: boolean
    /** `espeak-ng` is this machine's own. */
    ttsModel: string | null
    /** By language, or `any`. */
    ttsVoices: Readonly<Record<string, string>>
  }
  /** How long a model may send nothing at all before it counts as down, in seconds. */
  llmSilenceS: number
  /** For so long a model's answer to a first question is given again; 0 asks anew each time. */
  answerCacheHours: number
  /** Origins the server may call although they are not of the public internet: a model on this network. */
  outgoingAllowed: string[]
  catalogueFile: string | null
  documentsDir: string | null
  /** Whether an empty installation is filled with the demo shop. */
  demoShop: boolean
  /** How long a request for a person waits before the AI continues, in seconds. */
  handoffTimeoutS: number
  /** Room for files in conversations, in bytes. */
  uploadQuotas: UploadQuotas
  socketServer: 'uws' | 'node'
  logLevel: (typeof logLevels)[number]
  /** `false` lifts the rates per address and visitor, for load tests behind a trusted gate. */
  rateLimits: boolean
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

type Environment = Record<string, string | undefined>

/**
 * The only reader of the environment and the flags. Each secret may also stand in the file that `NAME_FILE` names.
 * @throws StartError naming the value, what is wrong with it and what is allowed
 */
export function readConfig(environment: Environment = process.env, args = process.argv.slice(2)): Config {
  const flags = readFlags(args)
  const read = (name: string) => environment[name]?.trim() || null
  const secret = (name: string) => read(name) ?? readSecretFile(name, read(`${name}_FILE`))
  const port = readPort('PORT', read('PORT') ?? '8080')
  const metricsPort = read('METRICS_PORT')
  const openaiKey = secret('OPENAI_API_KEY')
  const openaiUrl = readUrl('OPENAI_BASE_URL', read('OPENAI_BASE_URL'), ['http:', 'https:'])
  const ollamaHost = readOllamaHost(read('OLLAMA_HOST'))
  const guessed = openaiKey || openaiUrl ? 'openai' : ollamaHost ? 'ollama' : 'builtin'
  const publicUrl = readPublicUrl(readUrl('PUBLIC_URL', read('PUBLIC_URL'), ['http:', 'https:']))
  return {
    port,
    host: read('HOST') ?? '0.0.0.0',
    publicUrl: publicUrl ?? `http://localhost:${port}`,
    basePath: publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, ''),
    metricsPort: metricsPort === null ? null : readPort('METRICS_PORT', metricsPort),
    tls: readTls(read('TLS_CERT_FILE'), read('TLS_KEY_FILE')),
    trustedProxies: readNetworks('TRUSTED_PROXIES', read('TRUSTED_PROXIES')),
    allowedOrigins: readOrigins('ALLOWED_ORIGINS', read('ALLOWED_ORIGINS')),
    outgoingAllowed: readOrigins('OUTGOING_ALLOWED', read('OUTGOING_ALLOWED')),
    dataDir: resolve(read('DATA_DIR') ?? './data'),
    databaseUrl: readDatabase(secret('DATABASE_URL')),
    redisUrl: readUrl('REDIS_URL', secret('REDIS_URL'), ['redis:', 'rediss:'], false),
    secretKey: readSecretKey('SECRET_KEY', secret('SECRET_KEY')),
    previousSecretKeys: (secret('SECRET_KEY_PREVIOUS') ?? '')
      .split(',')
      .filter(Boolean)
      .map(key => readSecretKey('SECRET_KEY_PREVIOUS', key.trim())!),
    adminEmail: read('ADMIN_EMAIL'),
    adminPassword: secret('ADMIN_PASSWORD'),
    smtpUrl: readUrl('SMTP_URL', secret('SMTP_URL'), ['smtp:', 'smtps:'], false),
    mailFrom: read('MAIL_FROM') ?? `Parley <no-reply@${new URL(publicUrl ?? 'http://localhost').hostname}>`,
    llm: {
      provider: oneOf('LLM_PROVIDER', read('LLM_PROVIDER') ?? guessed, ['builtin', 'openai', 'ollama']),
      model: read('LLM_MODEL'),
      embeddingModel: read('EMBEDDING_MODEL'),
      openaiKey,
      openaiUrl,
      ollamaHost,
    },
    speech: readSpeech(
      {
        stt: read('STT_MODEL'),
        live: read('STT_LIVE'),
        tts: read('TTS_MODEL'),
        voice: read('TTS_VOICE'),
      },
      openaiKey !== null || openaiUrl !== null,
    ),
    llmSilenceS: readSeconds('LLM_SILENCE_S', read('LLM_SILENCE_S') ?? '60'),
    answerCacheHours: readHours('ANSWER_CACHE_HOURS', read('ANSWER_CACHE_HOURS') ?? '0'),
    catalogueFile: flags.catalogue ?? read('CATALOGUE_FILE'),
    documentsDir: flags.documents ?? read('DOCUMENTS_DIR'),
    demoShop: oneOf('DEMO_SHOP', read('DEMO_SHOP') ?? 'on', ['on', 'off']) === 'on',
    handoffTimeoutS: readSeconds('HANDOFF_TIMEOUT_S', read('HANDOFF_TIMEOUT_S') ?? '300'),
    uploadQuotas: {
      person: readMegabytes('UPLOAD_PERSON_MB', read('UPLOAD_PERSON_MB') ?? '50'),
      networkDaily: readMegabytes('UPLOAD_NETWORK_DAILY_MB', read('UPLOAD_NETWORK_DAILY_MB') ?? '500'),
      total: readMegabytes('UPLOAD_TOTAL_MB', read('UPLOAD_TOTAL_MB') ?? '10000'),
    },
    socketServer: oneOf('SOCKET_SERVER', read('SOCKET_SERVER') ?? 'uws', ['uws', 'node']),
    logLevel: oneOf('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', logLevels),
    rateLimits: oneOf('RATE_LIMITS', read('RATE_LIMITS') ?? 'on', ['on', 'off']) === 'on',
  }
}

/** `none` is as good as nothing. @param hasHost whether there is one to be asked */
function readSpeech(
  { stt, live, tts, voice }: Record<'stt' | 'live' | 'tts' | 'voice', string | null>,
  hasHost: boolean,
): Config['speech'] {
  const [sttModel, ttsModel] = [stt, tts].map(model => (model === 'none' ? null : model)) as [
    string | null,
    string | null,
  ]
  const needsHost = 'a model of the host that OPENAI_BASE_URL or OPENAI_API_KEY names; neither is set'
  if (sttModel !== null && !hasHost) throw problem('STT_MODEL', sttModel, `${needsHost}, or none`)
  if (ttsModel !== null && ttsModel !== localVoice && !hasHost)
    throw problem('TTS_MODEL', ttsModel, `${localVoice}, ${needsHost}, or none`)
  const isSttLive = oneOf('STT_LIVE', live ?? 'off', ['on', 'off']) === 'on'
  return { sttModel, isSttLive, ttsModel, ttsVoices: readVoices(voice) }
}

/** The voice of this machine itself. */
export const localVoice = 'espeak-ng'

/** One for all languages, or one for each: `en=nova,zh=shimmer`. */
function readVoices(value: string | null): Record<string, string> {
  if (value === null) return {}
  const voices = value.split(',').map(entry => entry.trim().split('=') as [string, string?])
  return Object.fromEntries(
    voices.map(([first, voice]) => {
      const [language, name] = voice === undefined ? ['any', first] : [first, voice]
      if (!/^(en|zh|any)$/.test(language) || !/^[\w.+:-]{1,64}$/.test(name))
        throw problem(
          'TTS_VOICE',
          value,
          'the name of a voice, or one for each language like en=nova,zh=shimmer',
        )
      return [language, name]
    }),
  )
}

function readFlags(args: string[]): { catalogue?: string; documents?: string } {
  try {
    return parseArgs({ args, options: { catalogue: { type: 'string' }, documents: { type: 'string' } } })
      .values
  } catch (error) {
    throw new StartError(`${(error as Error).message} Allowed flags: --catalogue FILE, --documents FOLDER.`)
  }
}

function readSecretFile(name: string, path: string | null): string | null {
  if (path === null) return null
  try {
    return readFileSync(path, 'utf8').trim() || null
  } catch (error) {
    throw new StartError(`${name}_FILE cannot be read: ${(error as Error).message}.`)
  }
}

function readPort(name: string, value: string): number {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port > 65_535) throw problem(name, value, 'a number from 0 to 65535')
  return port
}

function readSeconds(name: string, value: string): number {
  const seconds = Number(value)
  if (!/^\d+$/.test(value) || seconds < 1 || seconds > 604_800)
    throw problem(name, value, 'seconds from 1 to 604800')
  return seconds
}

function readHours(name: string, value: string): number {
  const hours = Number(value)
  if (!/^\d+$/.test(value) || hours > 720) throw problem(name, value, 'hours from 0 to 720')
  return hours
}

function readMegabytes(name: string, value: string): number {
  const megabytes = Number(value)
  if (!/^\d+$/.test(value) || megabytes < 1 || megabytes > 100_000_000)
    throw problem(name, value, 'megabytes from 1 to 100000000')
  return megabytes * 1_000_000
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(entry => entry === value)
  if (found === undefined) throw problem(name, value, allowed.join(', '))
  return found
}

/** @param show whether the value may be repeated in the error: a database address carries a password */
function readUrl(name: string, value: string | null, protocols: string[], show = true): string | null {
  if (value === null) return null
  const url = URL.parse(value)
  if (!url || !protocols.includes(url.protocol)) {
    throw problem(
      name,
      show ? value : '(hidden)',
      `an address beginning with ${protocols.map(p => `${p}//`).join(' or ')}`,
    )
  }
  return value.replace(/\/+$/, '')
}

/** First segments of paths that the server has of its own: below one of them they could not be told apart. */
const ownPaths = ['api', 'assets', 'chat', 'console', 'docs', 'products', 'socket.io']

/** A path is a place below a site; anything after it is not. */
function checkPlace(value: string): void {
  const { pathname, search, hash } = new URL(value)
  if (search || hash || !/^(\/[\w.~-]+)*\/?$/.test(pathname))
    throw problem(
      'PUBLIC_URL',
      value,
      'an address, also with a path of letters, digits, hyphens and underscores, like https://shop.example/support',
    )
  if (ownPaths.includes(pathname.split('/')[1]!))
    throw problem('PUBLIC_URL', value, `a path that begins with none of ${ownPaths.join(', ')}`)
}

/** What the public reaches is encrypted; a name without a dot, or of this machine or network, is not public. */
function readPublicUrl(value: string | null): string | null {
  if (value !== null) checkPlace(value)
  const url = value === null ? null : new URL(value)
  if (url?.protocol !== 'http:') return value
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const own = isIP(host)
    ? !isPublic(host)
    : !host.includes('.') || /\.(localhost|local|internal|lan|home|test|home\.arpa)\.?$/.test(host)
  if (!own)
    throw problem(
      'PUBLIC_URL',
      value!,
      'https:// for an address on the internet, http:// for your own network',
    )
  return value
}

/** @throws StartError */
function readDatabase(value: string | null): string | null {
  if (value !== null) readDatabaseUrl(value)
  return value
}

function readTls(certFile: string | null, keyFile: string | null): Config['tls'] {
  if (certFile === null && keyFile === null) return null
  if (certFile === null) throw problem('TLS_CERT_FILE', '', 'a file, together with TLS_KEY_FILE')
  if (keyFile === null) throw problem('TLS_KEY_FILE', '', 'a file, together with TLS_CERT_FILE')
  for (const [name, path] of [
    ['TLS_CERT_FILE', certFile],
    ['TLS_KEY_FILE', keyFile],
  ] as const) {
    try {
      accessSync(path, constants.R_OK)
    } catch (error) {
      throw new StartError(`${name} cannot be read: ${(error as Error).message}.`)
    }
  }
  assertPair(certFile, keyFile)
  return { certFile, keyFile }
}

function assertPair(certFile: string, keyFile: string): void {
  const read = <T>(name: string, work: () => T, what: string): T => {
    try {
      return work()
    } catch (error) {
      throw new StartError(`${name} holds no ${what} in PEM.`, { cause: error })
    }
  }
  const certificate = read('TLS_CERT_FILE', () => new X509Certificate(readFileSync(certFile)), 'certificate')
  const key = read(
    'TLS_KEY_FILE',
    () => createPrivateKey(readFileSync(keyFile)),
    'private key without a password',
  )
  if (!certificate.checkPrivateKey(key))
    throw new StartError(
      "TLS_KEY_FILE is not the key of the certificate in TLS_CERT_FILE: give the pair that was made together, the server's own certificate first.",
    )
}

function readNetworks(name: string, value: string | null): string[] {
  if (value === null) return []
  return value.split(',').map(entry => {
    const [network = '', prefix, rest] = entry.trim().split('/')
    const maxPrefix = isIP(network) === 6 ? 128 : 32
    const fits = prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= maxPrefix)
    if (!isIP(network) || !fits || rest !== undefined)
      throw problem(name, entry.trim(), 'addresses or networks like 10.0.0.0/8, separated by commas')
    return entry.trim()
  })
}

/** By the rule of Ollama's own programs: without a scheme the port is 11434, with one it is the scheme's. */
function readOllamaHost(value: string | null): string | null {
  if (value === null) return null
  const [, scheme, place = '', path = ''] = /^(?:([a-z]+):\/\/)?([^/]*)(.*)$/is.exec(value)!
  const literal = place.replace(/^\[|\]$/g, '')
  const [, host = '', port] = isIP(literal) ? [place, literal] : (/^(.*?)(?::(\d+))?$/s.exec(place) ?? [])
  const url = URL.parse(`${scheme ?? 'http'}://${calledHost(host)}:${port ?? portOf(scheme)}${path}`)
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol) || url.username || url.search || url.hash)
    throw problem('OLLAMA_HOST', value, 'a host, host:port, or an address beginning with http:// or https://')
  return url.href.replace(/\/+$/, '')
}

function portOf(scheme: string | undefined): number {
  if (scheme === undefined) return 11_434
  return scheme === 'https' ? 443 : 80
}

/** What a server listens on is no address to call. */
function calledHost(host: string): string {
  const literal = host.replace(/^\[|\]$/g, '')
  if (literal === '' || literal === '0.0.0.0') return '127.0.0.1'
  if (literal === '::') return '[::1]'
  return isIP(literal) === 6 ? `[${literal}]` : host
}

function readOrigins(name: string, value: string | null): string[] {
  if (value === null) return []
  return value.split(',').map(entry => {
    const origin = entry.trim()
    if (URL.parse(origin)?.origin !== origin) {
      throw problem(name, origin, 'exact origins like https://shop.example, separated by commas')
    }
    return origin
  })
}

function readSecretKey(name: string, value: string | null): string | null {
  if (value !== null && value.length < 32) throw problem(name, '(hidden)', 'at least 32 characters')
  return value
}

function problem(name: string, value: string, allowed: string): StartError {
  return new StartError(`${name} is '${value}'; allowed: ${allowed}.`)
}

/** Of pages that may speak to the server: its own, and those that embed the widget. */
export function allowedOrigins(config: Pick<Config, 'allowedOrigins' | 'publicUrl'>): ReadonlySet<string> {
  return new Set([...config.allowedOrigins, new URL(config.publicUrl).origin])
}
