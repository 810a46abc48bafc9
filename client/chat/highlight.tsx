import { common, createLowlight } from 'lowlight'
import type { ComponentChildren } from 'preact'

/** Loaded with the first code that names its language. */
const lowlight = createLowlight(common)

type Nodes = ReturnType<typeof lowlight.highlight>['children']

/** Code as nodes with classes of what each part is; as it stands where the language is not known. */
export function highlight(text: string, language: string): ComponentChildren {
  const name = language.toLowerCase()
  return lowlight.registered(name) ? toNodes(lowlight.highlight(name, text).children) : text
}

function toNodes(nodes: Nodes): ComponentChildren[] {
  return nodes.map(node => {
    if (node.type === 'text') return node.value
    if (node.type !== 'element') return null
    return (
      <span class={String(node.properties.className ?? '').replaceAll(',', ' ')}>
        {toNodes(node.children)}
      </span>
    )
  })
}
