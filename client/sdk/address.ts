import type { Namespace } from '#protocol'

/** Where a server is, without a slash at its end (`https://shop.example/chat`). What stands after `?` or `#` is not of it. */
export function baseOf(url: string): string {
  const { origin, pathname } = new URL(url, globalThis.location?.href)
  return origin + pathname.replace(/\/+$/, '')
}

/** Of the keys under which things are kept on the device: two servers embedded in one page do not meet. */
export function keyPrefixOf(url: string, namespace: Namespace): string {
  return `parley:${url.replace(/^.*?:\/\//, '')}:${namespace}:`
}
