import { addressPart, invisible, parseWebAddress } from '#protocol/core/address'
import type { ChatModel } from '../model.ts'

/** What stands for an address that was taken out. */
const removed = '…'
/** Schemes with addresses that readers' programs make a link of, however many slashes of whichever kind follow. */
const schemes = ['https:', 'http:', 'ftp:', 'wss:', 'ws:']
const begun = String.raw`(?:(?:${schemes.join('|')})[/\\]+|www\.)`
/** Without a scheme it is the page's own: in links, and wherever there is a host behind it. */
const bare = String.raw`(?<![/\\])[/\\]{2,}(?=[\p{L}\p{N}-]+\.)`
/** Goes on with an address for whoever reads more generously than we do. */
const lax = '[^\\s<>"，。；：、！？（）「」『』《》【】]'
/** User info makes all before it a name: then nothing that follows is let through either. */
const address = new RegExp(
  `(?:${begun}|${bare})(?:(?:(?![/?#@])${lax})*@${lax}*|(?:${addressPart}|[${invisible}])*)`,
  'giu',
)
const beginning = new RegExp(begun, 'giu')
const opening = new RegExp(String.raw`${begun}|[/\\]{2,}`, 'iu')
const isBegun = new RegExp(`^(?:${opening.source})`, 'iu')
const laxEnd = new RegExp(lax.replace('[^', '['), 'u')
/** The end of a text that may become the beginning of one. */
const half = new RegExp(
  String.raw`(?:[/\\]|${prefixes([...schemes.map(scheme => `${scheme}/`), 'www.']).join('|')})$`,
  'iu',
)
const longestHalf = 8
/** An address with more of them within is nobody's link. */
const nestedMax = 5
/** Belongs to the sentence. */
const closing = /[.,;:!?*_~]+$/

/** Longest first: the alternative that is tried first is taken. */
function prefixes(words: string[]): string[] {
  const all = words.flatMap(word =>
    Array.from({ length: word.length - 1 }, (_, index) => word.slice(0, index + 1)),
  )
  return [...new Set(all)].sort((a, b) => b.length - a.length)
}

/**
 * A model that names no foreign address (law A4): what somebody planted in a document or on a page cannot lead a reader
 * away. An address of the shop, or of a host that a source of this answer is at, stays.
 */
export function modelWithoutForeignAddresses(model: ChatModel, ownHosts: ReadonlySet<string>): ChatModel {
  return {
    ...model,
    async answer(request, onText, signal) {
      const hosts = new Set(ownHosts)
      for (const { url } of request.evidence) {
        const host = url && parseWebAddress(url)?.host
        if (host) hosts.add(host)
      }
      const filter = addressFilter(hosts)
      const give = (text: string) => text !== '' && onText(text)
      const onRetract = () => {
        filter.end()
        request.onRetract?.()
      }
      try {
        return await model.answer({ ...request, onRetract }, text => give(filter.push(text)), signal)
      } finally {
        give(filter.end())
      }
    },
  }
}

export function addressFilter(hosts: ReadonlySet<string>) {
  let pending = ''
  const settle = (text: string) => text.replace(address, found => (isOwn(found, hosts) ? found : removed))
  return {
    /** @returns the text that may be given out; what may become an address waits for its end */
    push(text: string): string {
      if (isBegun.test(pending) && !laxEnd.test(text)) {
        pending += text
        return ''
      }
      const all = pending + text
      const at = openAt(all)
      pending = all.slice(at)
      return settle(all.slice(0, at))
    },
    end(): string {
      const rest = settle(pending)
      pending = ''
      return rest
    },
  }
}

/** Where an address begins that the text ends in, or may end in; else its length. */
function openAt(text: string): number {
  let start = text.length
  while (start > 0 && !laxEnd.test(text[start - 1]!)) start--
  const at = text.slice(start).search(opening)
  if (at >= 0) return start + at
  const end = text.slice(-longestHalf)
  const cut = end.search(half)
  return cut < 0 ? text.length : text.length - end.length + cut
}

/** Those within it too: a reader's program may begin at any. */
function isOwn(found: string, hosts: ReadonlySet<string>): boolean {
  const starts = new Set([0])
  for (const { index } of found.matchAll(beginning)) if (starts.add(index).size > nestedMax) return false
  return [...starts].every(start => isOwnAddress(found.slice(start), hosts))
}

function isOwnAddress(text: string, hosts: ReadonlySet<string>): boolean {
  const url = parseWebAddress(text.replace(closing, '').replace(/^(?:\/\/|(?=www\.))/i, 'https://'))
  return url !== null && hosts.has(url.host)
}
