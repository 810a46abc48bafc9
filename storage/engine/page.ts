/** A page of PostgreSQL's files: https://www.postgresql.org/docs/18/storage-page-layout.html */
export const pageBytes = 8192
const headerBytes = 24
const sums = 32
const prime = 16_777_619
const zeros = Buffer.alloc(pageBytes)

/** Where the 32 sums of a checksum begin (PostgreSQL's checksum_impl.h). */
const offsets = [
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c, 0xf8d4474f,
  0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc,
  0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4, 0x783125bb, 0x6ca8eaa2, 0xe407eac6,
  0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
]

/**
 * Overwrites what stands between the entries and the rows of each page, where PostgreSQL reads nothing.
 * @param number of the first page in its relation
 * @returns where in `pages` those begin that were changed
 */
export function emptyHoles(pages: Buffer, number: number): number[] {
  const changed: number[] = []
  for (let at = 0; at + pageBytes <= pages.length; at += pageBytes) {
    const page = pages.subarray(at, at + pageBytes)
    const hole = holeOf(page)
    if (!hole || hole.equals(zeros.subarray(0, hole.length))) continue
    const block = number + at / pageBytes
    const checksum = page.readUInt16LE(8)
    // One that is not as PostgreSQL left it is left for PostgreSQL to find.
    if (checksum !== 0 && checksum !== checksumOf(page, block)) continue
    hole.fill(0)
    if (checksum !== 0) page.writeUInt16LE(checksumOf(page, block), 8)
    changed.push(at)
  }
  return changed
}

function holeOf(page: Buffer): Buffer | null {
  const [lower, upper, special, version] = [12, 14, 16, 18].map(at => page.readUInt16LE(at)) as [
    number,
    number,
    number,
    number,
  ]
  const isPage =
    (version & 0xff00) === pageBytes &&
    lower >= headerBytes &&
    lower < upper &&
    upper <= special &&
    special <= pageBytes
  return isPage ? page.subarray(lower, upper) : null
}

/** PostgreSQL's own, over the page without the checksum in it and its number. */
function checksumOf(page: Buffer, block: number): number {
  const state = Int32Array.from(offsets)
  const add = (sum: number, value: number) => {
    const mixed = state[sum]! ^ value
    state[sum] = Math.imul(mixed, prime) ^ (mixed >>> 17)
  }
  for (let at = 0; at < pageBytes; at += 4) {
    const value = page.readInt32LE(at)
    add((at / 4) % sums, at === 8 ? value & ~0xffff : value)
  }
  for (let round = 0; round < 2; round++) for (let sum = 0; sum < sums; sum++) add(sum, 0)
  const folded = state.reduce((whole, sum) => whole ^ sum, 0) ^ block
  return ((folded >>> 0) % 65_535) + 1
}
