import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FieldProblem } from '#protocol'
import { OperationError } from '#protocol'
import type { ProductInput } from '#protocol/shop/catalogue'
import { StartError } from '#storage/engine/start-error'
import type { Config } from './config/config.ts'

/** What filling the shop at start needs of the areas. */
export interface ShopParts {
  catalogue: {
    isEmpty(): Promise<boolean>
    importFile(path: string): Promise<{ count: number }>
    importDemo(products: ProductInput[]): Promise<{ count: number }>
  }
  knowledge: {
    hasDocuments(): Promise<boolean>
    importFolder(
      folder: string,
      options?: { demo?: boolean },
    ): Promise<{
      added: number
      unchanged: number
      removed: number
      failed: { path: string; reason: string }[]
    }>
    drain(): Promise<unknown>
  }
}

const demoFolder = new URL('./demo/', import.meta.url)

/**
 * The owner's files where the configuration names them, else the demo shop where nothing was ever imported.
 * @param report one line of progress for the person who watches the start
 * @throws StartError when a named file or folder cannot be used
 */
export async function seedShop(
  config: Pick<Config, 'catalogueFile' | 'documentsDir' | 'demoShop' | 'basePath'>,
  { catalogue, knowledge }: ShopParts,
  report: (line: string) => void,
): Promise<void> {
  const { catalogueFile, documentsDir } = config
  if (catalogueFile) {
    report(`Reading products from ${catalogueFile} …`)
    const { count } = await named('--catalogue', catalogueFile, () => catalogue.importFile(catalogueFile))
    report(`${count} products.`)
  }
  if (documentsDir) {
    report(`Reading documents from ${documentsDir} …`)
    const read = await named('--documents', documentsDir, () => knowledge.importFolder(documentsDir))
    for (const { path, reason } of read.failed) report(`Left out ${path}: ${reason}`)
    await knowledge.drain()
    report(`${read.added + read.unchanged} documents.`)
  }
  const owned = catalogueFile || documentsDir
  if (owned || !config.demoShop || !(await catalogue.isEmpty()) || (await knowledge.hasDocuments())) return
  report('First start: filling the demo shop, this takes some seconds …')
  const products: ProductInput[] = JSON.parse(await readFile(new URL('catalogue.json', demoFolder), 'utf8'))
  const { count } = await catalogue.importDemo(
    products.map(product => ({ ...product, url: config.basePath + product.url })),
  )
  const { added } = await knowledge.importFolder(fileURLToPath(new URL('documents/', demoFolder)), {
    demo: true,
  })
  await knowledge.drain()
  report(`${count} products and ${added} documents are in it.`)
}

async function named<T>(flag: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const known = error instanceof OperationError || (error as NodeJS.ErrnoException).code?.startsWith('E')
    if (!known) throw error
    const [first] = ((error as OperationError).details ?? []) as FieldProblem[]
    const where = first?.field ? ` (${first.field}: ${first.reason})` : ''
    throw new StartError(`${flag} ${path}: ${(error as Error).message}${where}`, { cause: error })
  }
}
