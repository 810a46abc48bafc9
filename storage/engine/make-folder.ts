import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a folder of its owner's, with those above it. Node's own `recursive` never comes back below /proc. */
export async function makeFolder(path: string): Promise<void> {
  const code = await tryToMake(path)
  if (code === null) return
  const above = dirname(path)
  if (code === 'ENOENT' && above !== path) {
    await makeFolder(above)
    if ((await tryToMake(path)) === null) return
  }
  throw Object.assign(new Error(`${path} cannot be made (${code}).`), { code })
}

/** @returns why not; null where it is there now */
async function tryToMake(path: string): Promise<string | null> {
  try {
    await mkdir(path, { mode: 0o700 })
    return null
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const isThere = code === 'EEXIST' && (await stat(path)).isDirectory()
    return isThere ? null : code
  }
}
