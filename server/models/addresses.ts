import type { ChatModel } from './model.ts'

/** What stands for an address that was taken out. */
const removed = '…'
/** How an address begins that readers' programs make a link of. */
const beginnings = ['https://', 'http://', 'ftp://', 'wss://', 'ws://', 'www.']
const inside = '[^\\s<>"\'`)\\]}，。；、）」』]*'
const begun = `(?:${beginnings.join('|').replaceAll('.', '\\.')})${inside}`
/** Without a scheme it is the page's own: in links, and wherever there is a host behind it. */
const address = new RegExp(String.raw`${begun}|\/\/[\p{L}\p{N}-]+\.${inside}`, 'giu')
/** The end of a text that is, or may become, one. */
const opened = new RegExp(String.raw`(?:${begun}|\/\/${inside}|\/|${prefixes(beginnings).join('|')})$`, 'iu')

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
        const host = url && URL.parse(url)?.host
        if (host) hosts.add(host)
      }
      const filter = addressFilter(hosts)
      const give = (text: string) => text !== '' && onText(text)
      const tokens = await model.answer(request, text => give(filter.push(text)), signal)
      give(filter.end())
      return tokens
    },
  }
}

export function addressFilter(hosts: ReadonlySet<string>) {
  let held = ''
  const settle = (text: string) => text.replace(address, found => (isOwn(found, hosts) ? found : removed))
  return {
    /** @returns the text that may be given out; what may become an address waits for its end */
    push(text: string): string {
      const all = held + text
      const at = opened.exec(all)?.index ?? all.length
      held = all.slice(at)
      return settle(all.slice(0, at))
    },
    end(): string {
      const rest = settle(held)
      held = ''
      return rest
    },
  }
}

function isOwn(found: string, hosts: ReadonlySet<string>): boolean {
  const url = URL.parse(found.replace(/^(?:\/\/|(?=www\.))/i, 'https://'))
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && hosts.has(url.host)
}
