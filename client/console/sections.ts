import type { ComponentType } from 'preact'
import { DocumentsView } from './documents.tsx'
import { OverviewView } from './overview.tsx'
import { ProductsView } from './products.tsx'

/** What the navigation offers, in its order; the first is where one lands. `name` is its route and its word. */
export const sections = [
  { name: 'overview', icon: 'gauge', View: OverviewView },
  { name: 'products', icon: 'product', View: ProductsView },
  { name: 'documents', icon: 'document', View: DocumentsView },
] as const satisfies readonly { name: string; icon: string; View: ComponentType }[]

export type Section = (typeof sections)[number]

/** `#/products` -> its section. */
export function sectionOf(hash: string): Section {
  const name = hash.replace(/^#\/?/, '').split('/')[0]
  return sections.find(section => section.name === name) ?? sections[0]
}
