import { posix } from 'node:path'
import { fileProblem } from '../problem.ts'
import type { Section, Structure } from '../structure.ts'
import { readHtml } from './html.ts'
import { walkXml } from './xml.ts'
import { readZip } from './zip.ts'

/** Fonts may be disguised in a book that anybody can read. */
const fontDisguise = /http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)/

/** The chapters of a book in their order, each under its title. */
export async function readEpub(bytes: Uint8Array): Promise<Structure> {
  const parts = await readZip(bytes, name => /\.(?:xml|opf|x?html?)$/i.test(name))
  const { title, chapters } = readPackage(parts)
  const sections: Section[] = []
  for (const path of chapters) {
    const part = parts.get(path)
    if (!part) continue
    const chapter = await readHtml(part.toString('utf8'))
    const above = chapter.title && chapter.title !== title ? [chapter.title] : []
    for (const { heading, text } of chapter.sections)
      sections.push({ heading: heading[0] === above[0] ? heading : [...above, ...heading], text })
  }
  return { title, sections }
}

function readPackage(parts: ReadonlyMap<string, Buffer>): { title: string | null; chapters: string[] } {
  assertOpen(parts.get('META-INF/encryption.xml'))
  const path = attributeOf(parts.get('META-INF/container.xml'), 'rootfile', 'full-path')
  const book = path === undefined ? undefined : parts.get(path)
  if (path === undefined || !book) throw fileProblem('damaged')
  const files = new Map<string, string>()
  const spine: string[] = []
  let title = ''
  let isTitle = false
  walkXml(book, {
    open(name, { id = '', href = '', idref = '', properties = '' }) {
      isTitle = name === 'title' && title === ''
      if (name === 'item' && !properties.split(' ').includes('nav'))
        files.set(id, posix.join(posix.dirname(path), decodeURIComponent(href)))
      if (name === 'itemref') spine.push(idref)
    },
    close: () => (isTitle = false),
    text: text => {
      if (isTitle) title += text
    },
  })
  return { title: title.trim() || null, chapters: spine.flatMap(id => files.get(id) ?? []) }
}

/** @throws OperationError where more than fonts is encrypted */
function assertOpen(encryption: Buffer | undefined): void {
  if (!encryption) return
  walkXml(encryption, {
    open(name, { Algorithm = '' }) {
      if (name === 'EncryptionMethod' && !fontDisguise.test(Algorithm)) throw fileProblem('encrypted')
    },
  })
}

function attributeOf(part: Buffer | undefined, element: string, attribute: string): string | undefined {
  let found: string | undefined
  if (part)
    walkXml(part, {
      open(name, attributes) {
        if (name === element) found ??= attributes[attribute]
      },
    })
  return found
}
