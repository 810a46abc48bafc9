import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cache, templateFolder } from '../fixtures/embedded-template.ts'

const prefix = 'parley-run-'

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What runs that were killed could not remove: a hundred megabytes for each server that ran. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1])
    if (pid && !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * Before the first file: the run's own temporary folder, which goes with it, and the embedded database that each file
 * copies (made within a file's hook, on a busy machine, it would be what that file waits for in vain).
 */
export default async function prepareRun(): Promise<() => void> {
  removeLeftovers(tmpdir())
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  process.env.TMPDIR = folder
  // The six hundred modules of a server are compiled for the first one that a test starts.
  process.env.NODE_COMPILE_CACHE = join(cache, 'compiled')
  await templateFolder()
  return () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    } catch {
      // A process that is still ending writes into it: the next run removes what is left.
    }
  }
}
