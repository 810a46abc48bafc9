import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Question } from './probe.ts'

const probe = new URL('./probe.ts', import.meta.url).href
const startMs = 60_000
const answerMs = 10_000

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`. */
  url: string
  /** Microseconds of CPU since its start. */
  cpu(): Promise<number>
  /** Bytes, after collecting garbage. */
  memory(): Promise<{ rss: number; heap: number }>
  /** Since it was asked last. */
  loop(): Promise<{ delay_p99_ms: number; peak_rss: number }>
  stop(): Promise<void>
}

export interface StartOptions {
  script: URL
  /** All it is given besides what any process needs: nothing of ours leaks into what is measured. */
  environment?: Record<string, string>
  /** Writes a CPU profile there when it ends. */
  profileFolder?: string
}

/** Starts a server in a process of its own. It is there once it has printed its address. */
export async function startProcess({
  script,
  environment,
  profileFolder,
}: StartOptions): Promise<ServerProcess> {
  const { PATH, HOME, TMPDIR } = process.env
  const profile = profileFolder ? ['--cpu-prof', '--cpu-prof-dir', profileFolder] : []
  const child = spawn(
    process.execPath,
    [
      ...profile,
      '--experimental-async-context-frame',
      '--expose-gc',
      '--import',
      probe,
      fileURLToPath(script),
    ],
    {
      env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  )
  const port = await readPort(child, script)
  const ask = createAsk(child)
  let stopping = false
  child.on('exit', (code, signal) => {
    if (!stopping) console.error(`${nameOf(script)} ended on its own: ${signal ?? `code ${code}`}`)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    cpu: async () => ((await ask('cpu')) as { cpu_us: number }).cpu_us,
    memory: async () => (await ask('memory')) as { rss: number; heap: number },
    loop: async () => (await ask('loop')) as { delay_p99_ms: number; peak_rss: number },
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      if (child.connected) child.send('exit' satisfies Question)
      const limit = setTimeout(() => child.kill('SIGKILL'), answerMs)
      await exited
      clearTimeout(limit)
    },
  }
}

function nameOf(script: URL): string {
  return script.pathname.split('/').at(-1)!
}

function readPort(child: ChildProcess, script: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`${nameOf(script)} ${why}`))
    }
    const limit = setTimeout(() => fail(`has not said its address within ${startMs / 1000} s`), startMs)
    let output = ''
    child.stdout!.on('data', (data: Buffer) => {
      output = (output + data).slice(-10_000)
      const match = /http:\/\/localhost:(\d+)/.exec(output)
      if (!match) return
      clearTimeout(limit)
      resolve(Number(match[1]))
    })
    child.once('exit', code => {
      clearTimeout(limit)
      fail(`ended with code ${code} before it listened: ${output}`)
    })
  })
}

/** One question at a time. */
function createAsk(child: ChildProcess): (question: Question) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve()
  return question => {
    const requested = last.then(async () => {
      const answered = once(child, 'message', { signal: AbortSignal.timeout(answerMs) })
      child.send(question)
      const [answer] = await answered
      return answer as Answer
    })
    last = requested.catch(() => {})
    return requested
  }
}
