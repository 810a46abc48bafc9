// Runs before the server starts, in plain JavaScript, so that any Node can say what is wrong.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)

if (major !== 22 || minor < 18) {
  console.error(
    `Parley runs on Node 22.18 or a later 22 (this is ${process.versions.node}): start it with "npm start" after "npm ci", which bring their own.`,
  )
  process.exit(1)
}

/** The newest change below a folder, in milliseconds since the epoch. */
function newest(folder) {
  const names = readdirSync(folder, { recursive: true }).filter(name => !name.startsWith('dist'))
  return Math.max(...names.map(name => statSync(join(folder, name)).mtimeMs))
}

const built = join(root, 'client/dist/widget.js')
const sources = Math.max(newest(join(root, 'client')), newest(join(root, 'protocol')))
if (!existsSync(built) || statSync(built).mtimeMs < sources || process.argv.includes('--force')) {
  console.log('Building the pages and the widget …')
  const { status } = spawnSync(process.execPath, [join(root, 'client/build.ts')], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
