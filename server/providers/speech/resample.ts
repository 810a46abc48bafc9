/** Turns 16-bit sound of one rate into that of another, piece by piece: between two samples along a straight line. */
export function createResampler(from: number, to: number): (bytes: Uint8Array) => Buffer {
  /** Where the next sample is wanted, counted from the first of the piece; and the last sample of the piece before. */
  let at = 0
  let before = 0
  return bytes => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const count = Math.floor(bytes.byteLength / 2)
    const sample = (index: number) => (index < 0 ? before : view.getInt16(index * 2, true))
    const out: number[] = []
    for (; at <= count - 1; at += from / to) {
      const index = Math.floor(at)
      const next = Math.min(index + 1, count - 1)
      out.push(Math.round(sample(index) + (sample(next) - sample(index)) * (at - index)))
    }
    at -= count
    if (count > 0) before = sample(count - 1)
    const resampled = Buffer.alloc(out.length * 2)
    for (const [index, value] of out.entries()) resampled.writeInt16LE(value, index * 2)
    return resampled
  }
}
