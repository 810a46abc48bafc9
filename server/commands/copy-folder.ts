import { constants, copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What of a folder lies in its copy: path → what it then was. */
export type Copied = Map<string, string>

/** A change within one tick of the file system's clock is not seen by its time: what is as young is copied again. */
const tickMs = 1000

/**
 * Brings a copy up to what the folder holds now, reading only what has changed since the last time.
 * What is changed meanwhile is whole only after another time, during which nobody writes.
 */
export async function copyFolder(from: string, to: string, copied: Copied): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const paths = new Set<string>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(from.length + 1)
    if (entry.isDirectory()) await mkdir(join(to, path), { recursive: true })
    if (!entry.isFile()) continue
    paths.add(path)
    await copyChanged(from, to, path, copied)
  }
  for (const path of [...copied.keys()].filter(known => !paths.has(known))) {
    await rm(join(to, path), { force: true })
    copied.delete(path)
  }
}

async function copyChanged(from: string, to: string, path: string, copied: Copied): Promise<void> {
  try {
    const { mtimeMs, mtimeNs, size } = await bigStat(join(from, path))
    const now = `${mtimeNs} ${size}`
    if (copied.get(path) === now) return
    await mkdir(dirname(join(to, path)), { recursive: true })
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE)
    copied.set(path, Date.now() - mtimeMs > tickMs ? now : 'young')
  } catch (error) {
    // The database removed it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

async function bigStat(path: string) {
  const { mtimeNs, size } = await stat(path, { bigint: true })
  return { mtimeNs, size, mtimeMs: Number(mtimeNs / 1_000_000n) }
}
