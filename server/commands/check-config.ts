import { X509Certificate } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { Redis } from 'ioredis'
import { normalizeEmail } from '#protocol/core/normalize'
import { isFolderInUse } from '#storage/engine/embedded'
import { inspectPostgres } from '#storage/engine/inspect'
import { StartError } from '#storage/engine/start-error'
import { type Config, readConfig } from '../config/config.ts'
import { smtpProblem } from '../mail/failure.ts'
import { createSmtp } from '../mail/mail.ts'
import { createEgress } from '../net/egress.ts'
import { createModels, operatorsOwn } from '../providers/models.ts'
import { trySpeech } from '../providers/speech/check.ts'
import { createSpeech } from '../providers/speech/create.ts'
import { readArguments, runCommand } from './run.ts'

type State = 'ok' | 'warning' | 'wrong'
interface Finding {
  state: State
  text: string
}

const marks = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ' }
/** Nothing here is worth waiting longer for. */
const checkMs = 10_000
const mebibyte = 1024 ** 2
const memoryMinBytes = 512 * mebibyte
const memoryGoodBytes = 768 * mebibyte
const diskMinBytes = 200 * mebibyte
const diskGoodBytes = 2048 * mebibyte
const expiryWarningDays = 14
const dayMs = 24 * 3_600_000

/** `npm run check-config`: reads the configuration and tries everything that it names, one line each; starts nothing. */
runCommand(async terminal => {
  readArguments('npm run check-config', {})
  const config = readConfig(undefined, [])
  terminal.say(`${marks.ok} configuration: read, and understood`)
  const checks: [string, (config: Config) => Promise<Finding> | Finding][] = [
    ['database', config.databaseUrl === null ? checkEmbedded : checkPostgres],
    ['secret key', checkSecretKey],
    ['Redis', checkRedis],
    ['mail', checkMail],
    ['model', checkModel],
    ['speech', checkSpeech],
    ['certificate', checkCertificate],
    ['public address', checkPublicUrl],
    ['port', checkPort],
    ['administrator', checkAdministrator],
    ['memory', checkMemory],
    ['disk', checkDisk],
  ]
  let wrong = 0
  for (const [name, check] of checks) {
    const { state, text } = await inTime(async () => check(config))
    if (state === 'wrong') wrong++
    terminal.say(`${marks[state]} ${name}: ${text}`)
  }
  if (wrong > 0) throw new StartError(wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`)
})

function ok(text: string): Finding {
  return { state: 'ok', text }
}

function warning(text: string): Finding {
  return { state: 'warning', text }
}

function wrong(text: string): Finding {
  return { state: 'wrong', text }
}

/** Where a folder is, or will be made. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder))
}

async function inTime(check: () => Promise<Finding>): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Finding>(resolve => {
    timer = setTimeout(() => resolve(wrong('no answer in time')), checkMs)
  })
  return Promise.race([check(), timeout])
    .catch((error: Error) => wrong(error.message))
    .finally(() => clearTimeout(timer))
}

async function checkEmbedded({ dataDir }: Config): Promise<Finding> {
  if (existsSync(dataDir) && (await isFolderInUse(dataDir)))
    return ok(`embedded, in ${dataDir}, where a server runs on it now`)
  try {
    accessSync(existing(dataDir), constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return wrong(`embedded, but this user may not use ${dataDir} (${(error as NodeJS.ErrnoException).code})`)
  }
  const isThere = existsSync(join(dataDir, 'embedded', 'PG_VERSION'))
  return ok(`embedded, in ${dataDir}, ${isThere ? 'which holds one' : 'made at the first start'}`)
}

async function checkPostgres({ databaseUrl }: Config): Promise<Finding> {
  const { problems, version } = await inspectPostgres(databaseUrl!)
  if (problems.length > 0) return wrong(problems.join(' '))
  return ok(`PostgreSQL ${version} at ${new URL(databaseUrl!).host}, with pgvector, and tables may be made`)
}

function checkSecretKey({ secretKey, databaseUrl, redisUrl, dataDir }: Config): Finding {
  if (secretKey !== null) return ok('SECRET_KEY')
  if (redisUrl !== null || databaseUrl !== null)
    return warning(`kept in ${join(dataDir, 'secret.key')}: several nodes need one SECRET_KEY`)
  return ok(`kept in ${join(dataDir, 'secret.key')}`)
}

async function checkRedis({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl === null) return ok('none, for a single node')
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 })
  // What is thrown by `connect` says the same.
  redis.on('error', () => {})
  try {
    await redis.connect()
    await redis.ping()
    return ok(`answers at ${new URL(redisUrl).host}`)
  } catch (error) {
    return wrong(`${new URL(redisUrl).host}: ${(error as Error).message}`)
  } finally {
    redis.disconnect()
  }
}

async function checkMail({ smtpUrl, mailFrom }: Config): Promise<Finding> {
  if (smtpUrl === null) return warning('SMTP_URL is not set: mail is kept in the outbox, nothing goes out')
  const { host } = new URL(smtpUrl)
  const transport = createSmtp(smtpUrl)
  try {
    await transport.verify()
    return ok(`${host} takes mail from here, as ${mailFrom}; “npm run test-mail” sends one`)
  } catch (error) {
    return wrong(smtpProblem(error, host))
  } finally {
    transport.close()
  }
}

async function checkModel(config: Config): Promise<Finding> {
  const outgoing = createEgress({ allowed: operatorsOwn(config) })
  const { chat } = createModels(config.llm, outgoing.agentFor)
  try {
    const problem = await chat.check(AbortSignal.timeout(checkMs))
    if (problem !== null) return wrong(problem)
    return ok(chat.provider === 'builtin' ? 'the built-in answerer' : `${chat.provider}, ${chat.model}`)
  } finally {
    outgoing.close()
  }
}

async function checkSpeech(config: Config): Promise<Finding> {
  const outgoing = createEgress({ allowed: operatorsOwn(config) })
  try {
    const speech = createSpeech(config, outgoing.agentFor)
    await trySpeech(speech, AbortSignal.timeout(checkMs))
    const models = [speech.transcriber?.model, speech.synthesizer?.model].filter(Boolean)
    return ok(models.length === 0 ? 'none: browsers use their own, where they have one' : models.join(', '))
  } finally {
    outgoing.close()
  }
}

function checkCertificate({ tls, publicUrl }: Config): Finding {
  if (tls === null) return ok('none of its own: TLS, if any, is a proxy’s')
  const [cert, key] = [readFileSync(tls.certFile), readFileSync(tls.keyFile)]
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    return wrong(`TLS_CERT_FILE and TLS_KEY_FILE do not fit each other (${(error as Error).message})`)
  }
  const certificate = new X509Certificate(cert)
  const { hostname } = new URL(publicUrl)
  const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / dayMs)
  if (Date.parse(certificate.validFrom) > Date.now()) return wrong(`valid only from ${certificate.validFrom}`)
  if (days < 0) return wrong(`ran out on ${certificate.validTo}`)
  if (!certificate.checkHost(hostname) && !certificate.checkIP(hostname))
    return wrong(`is not for ${hostname}, the host of PUBLIC_URL`)
  if (days < expiryWarningDays) return warning(`runs out on ${certificate.validTo}, in ${days} days`)
  return ok(`for ${hostname}, valid until ${certificate.validTo}`)
}

function checkPublicUrl({ publicUrl, tls, trustedProxies }: Config): Finding {
  const url = new URL(publicUrl)
  if (url.protocol === 'https:' && tls === null && trustedProxies.length === 0)
    return warning(
      `${publicUrl} needs TLS_CERT_FILE, or TRUSTED_PROXIES for the proxy that has the certificate: every request would be redirected`,
    )
  if (url.protocol === 'http:' && tls !== null)
    return wrong(`${publicUrl} begins with http:// although the server speaks TLS itself`)
  return ok(publicUrl)
}

async function checkPort({ port, host, dataDir, databaseUrl }: Config): Promise<Finding> {
  const problem = await new Promise<NodeJS.ErrnoException | null>(resolve => {
    const server = createServer().once('error', resolve)
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
  if (problem === null) return ok(`${port} is free`)
  if (problem.code === 'EACCES') return wrong(`this user may not listen on ${port}: take one above 1023`)
  if (problem.code === 'EADDRNOTAVAIL') return wrong(`HOST ${host} is no address of this machine`)
  if (problem.code !== 'EADDRINUSE') return wrong(problem.message)
  const isOurs = databaseUrl === null && existsSync(dataDir) && (await isFolderInUse(dataDir))
  return isOurs ? ok(`${port} is in use, and a server runs here`) : wrong(`${port} is in use`)
}

function checkAdministrator({ adminEmail, adminPassword }: Config): Finding {
  if (adminEmail !== null && normalizeEmail(adminEmail) === null)
    return wrong(`ADMIN_EMAIL is no e-mail address: ${adminEmail}`)
  if (adminPassword !== null && adminPassword.length < 8)
    return warning('ADMIN_PASSWORD has fewer than 8 characters')
  return ok(
    adminPassword === null ? 'a password is made at the first start' : 'ADMIN_PASSWORD, for the first start',
  )
}

function checkMemory(): Finding {
  // What a container gives; without a limit it is far above what there is.
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const text = `${Math.round(bytes / mebibyte)} MB`
  if (bytes < memoryMinBytes) return wrong(`${text}: the server needs ${memoryMinBytes / mebibyte} MB`)
  if (bytes < memoryGoodBytes)
    return warning(`${text}: ${memoryGoodBytes / mebibyte} MB leave room for documents`)
  return ok(text)
}

async function checkDisk({ dataDir }: Config): Promise<Finding> {
  const folder = existing(dataDir)
  const { bavail, bsize } = await statfs(folder)
  const bytes = bavail * bsize
  const text = `${Math.round(bytes / mebibyte)} MB free in ${folder}`
  if (bytes < diskMinBytes) return wrong(text)
  return bytes < diskGoodBytes ? warning(text) : ok(text)
}
