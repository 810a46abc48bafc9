import { normalAddress } from './address.ts'

/** Headers in which proxies write down whom they heard. */
export type ForwardedHeader = 'x-forwarded-for' | 'x-real-ip' | 'forwarded' | 'x-forwarded-proto'

/** Addresses one header names, the nearest last; null where a proxy wrote something that is none. */
export type Chain = (string | null)[]

/** Of X-Forwarded-For and X-Real-IP: an address, perhaps quoted, perhaps with its port. */
export function readForwardedFor(header: string): Chain {
  return header
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(readNode)
}

/** Of Forwarded (RFC 7239). */
export function readForwarded(header: string): Chain {
  return elementsOf(header).map(element => {
    const node = parameterOf(element, 'for')
    return node === null ? null : readNode(node)
  })
}

/** The scheme that the nearest proxy was spoken to in; null where it does not say. */
export function readScheme(header: string): string | null {
  const nearest = elementsOf(header).at(-1)
  return nearest === undefined ? null : (parameterOf(nearest, 'proto')?.toLowerCase() ?? null)
}

function readNode(text: string): string | null {
  const node = unquote(text)
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node) ?? []
  if (bracketed !== undefined) return bracketed.includes(':') ? normalAddress(bracketed) : null
  const [, withoutPort] = /^([\d.]+):\d{1,5}$/.exec(node) ?? []
  return normalAddress(withoutPort ?? node)
}

function unquote(text: string): string {
  return /^"(?:[^"\\]|\\.)*"$/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text
}

/** Commas and semicolons also stand within quotes. */
function elementsOf(header: string): string[] {
  return split(header, ',')
}

function parameterOf(element: string, name: string): string | null {
  for (const pair of split(element, ';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim().toLowerCase() === name) return unquote(pair.slice(at + 1).trim())
  }
  return null
}

function split(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = []
  let quoted = false
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (quoted && sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (sign === separator && !quoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts.map(part => part.trim()).filter(part => part !== '')
}
